package io.aeon.test.junit;

import io.aeon.test.AeonBroker;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives tests a broker, declared by {@link AeonTest} or as a field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final AeonExtension AEON = AeonExtension.of(BrokerScope.CLASS).topic("orders", 3);
 * }</pre>
 *
 * It resolves parameters of these types: {@link AeonBroker}; a string with {@link BootstrapServers} or
 * {@link OwnTopic}; {@code Admin}, {@code Producer<K, V>}, {@code Consumer<K, V>} and their classes in the project's
 * kafka-clients. The clients are closed after the test; those of a constructor with JUnit 5.11 and older after the
 * class. A consumer has a group of its own and reads from the beginning. Keys and values are of the types of Kafka's
 * {@code Serdes}.
 *
 * <p>Thread-safe: classes and methods may run in parallel.
 */
public final class AeonExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
    private static final Namespace OURS = Namespace.create(AeonExtension.class);

    private final @Nullable BrokerPlan given;
    /** The brokers of the classes that have not ended, by the class. */
    private final Map<String, AeonBroker> live = new ConcurrentHashMap<>();

    /** The broker is as {@link AeonTest} says. JUnit calls this constructor. */
    public AeonExtension() {
        this.given = null;
    }

    private AeonExtension(BrokerPlan given) {
        this.given = given;
    }

    /** A broker for the tests of {@code scope}. */
    public static AeonExtension of(BrokerScope scope) {
        return new AeonExtension(new BrokerPlan(scope, Map.of(), Map.of()));
    }

    /** The same with one more setting of the broker, by its full path. */
    public AeonExtension set(String path, Object value) {
        return new AeonExtension(given().withSetting(path, value));
    }

    /** The same with one more topic that exists before each test. */
    public AeonExtension topic(String name, int partitions) {
        return new AeonExtension(given().withTopic(name, partitions));
    }

    private BrokerPlan given() {
        if (given == null) {
            throw new IllegalStateException("an extension that is registered as a field begins with AeonExtension.of");
        }
        return given;
    }

    /**
     * The broker of the class whose tests run.
     *
     * @throws IllegalStateException no test of this extension's class runs, each method has a broker of its own, or
     *     several classes that share this extension run, each with a broker of its own
     */
    public AeonBroker broker() {
        List<AeonBroker> now = live.values().stream().distinct().toList();
        if (now.isEmpty()) {
            throw new IllegalStateException("there is no broker while no test runs, or one for each method");
        }
        if (now.size() > 1) {
            throw new IllegalStateException("several classes that share this extension run, each with a broker of its"
                    + " own; a test gets its broker as a parameter");
        }
        return now.get(0);
    }

    /** With JUnit 5.12 and newer, what a constructor gets belongs to the test that the instance is for. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        BrokerPlan plan = plan(context);
        if (plan.scope() != BrokerScope.METHOD) {
            prepare(plan, context);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        prepare(plan(context), context);
    }

    private void prepare(BrokerPlan plan, ExtensionContext context) {
        AeonBroker broker = broker(plan, context);
        plan.topics().forEach(broker::createTopic);
        if (plan.scope() != BrokerScope.METHOD) {
            shows(broker, outermostClass(context));
        }
    }

    /** {@link #broker()} returns {@code broker} until the end of {@code type}. */
    private void shows(AeonBroker broker, ExtensionContext type) {
        live.put(type.getUniqueId(), broker);
        type.getStore(Namespace.create(AeonExtension.class, this))
                .put(broker, new StoredResource<>(() -> live.remove(type.getUniqueId())));
    }

    private BrokerPlan plan(ExtensionContext context) {
        if (given != null) {
            return given;
        }
        for (Class<?> type = context.getRequiredTestClass(); type != null; type = type.getEnclosingClass()) {
            Optional<AeonTest> annotation = AnnotationSupport.findAnnotation(type, AeonTest.class);
            if (annotation.isPresent()) {
                return BrokerPlan.of(annotation.get());
            }
        }
        throw new IllegalStateException(context.getRequiredTestClass() + " has no @AeonTest");
    }

    /** The broker that {@code context} uses, chosen or started if it is the first to use it. */
    private static AeonBroker broker(BrokerPlan plan, ExtensionContext context) {
        ExtensionContext user = user(plan.scope(), context);
        if (plan.scope() != BrokerScope.RUN) {
            return stored(user, plan.key(), AeonBroker.class, plan::start);
        }
        SharedBrokers shared = stored(context.getRoot(), plan.key(), SharedBrokers.class, SharedBrokers::new);
        return stored(user, plan, SharedBrokers.Use.class, () -> shared.begin(plan))
                .broker();
    }

    /** What the store of {@code owner} has, created if it has none. It is closed at the end of {@code owner}. */
    private static <T extends AutoCloseable> T stored(
            ExtensionContext owner, Object key, Class<T> type, Supplier<T> create) {
        StoredResource<?> stored = owner.getStore(OURS)
                .getOrComputeIfAbsent(key, absent -> new StoredResource<>(create.get()), StoredResource.class);
        return type.cast(stored.resource());
    }

    /** The context until whose end the broker is used. */
    private static ExtensionContext user(BrokerScope scope, ExtensionContext context) {
        if (scope != BrokerScope.METHOD) {
            return outermostClass(context);
        }
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(
                    "each method has a broker of its own, and this is a constructor or a method for all tests");
        }
        return context;
    }

    private static ExtensionContext outermostClass(ExtensionContext context) {
        ExtensionContext outermost = context;
        for (ExtensionContext each = context; each.getTestClass().isPresent(); each = parent(each)) {
            outermost = each;
        }
        return outermost;
    }

    private static ExtensionContext parent(ExtensionContext context) {
        return context.getParent().orElse(context.getRoot());
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == AeonBroker.class
                || KafkaClientTypes.contains(type)
                || (type == String.class
                        && (parameter.isAnnotated(BootstrapServers.class) || parameter.isAnnotated(OwnTopic.class)));
    }

    @Override
    public Object resolveParameter(ParameterContext context, ExtensionContext extension) {
        Parameter parameter = context.getParameter();
        AeonBroker broker = broker(plan(extension), extension);
        if (parameter.getType() == AeonBroker.class) {
            return broker;
        }
        if (parameter.getType() == String.class) {
            return context.findAnnotation(OwnTopic.class)
                    .map(topic -> OwnTopics.create(broker, topic, extension))
                    .orElseGet(broker::bootstrapServers);
        }
        AutoCloseable client = InjectedClients.create(parameter, broker.bootstrapServers());
        extension.getStore(OURS).put(client, new StoredResource<>(client));
        return client;
    }
}
