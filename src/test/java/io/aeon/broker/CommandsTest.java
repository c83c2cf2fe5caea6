package io.aeon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.aeon.broker.coordinator.CoordinatorRuntime;
import io.aeon.broker.coordinator.CoordinatorsCommand;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.actor.ClosingPartition;
import io.aeon.broker.partition.actor.PartitionActor;
import io.aeon.broker.partition.cleaning.LogCleaner;
import io.aeon.broker.partition.move.MovingPartition;
import io.aeon.broker.replica.ReplicaFetchers;
import io.aeon.broker.topic.DiskWatch;
import io.aeon.broker.topic.Housekeeper;
import io.aeon.broker.topic.Topics;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Akka silently drops a message that no handler matches, so each command must be matched by its class. */
class CommandsTest {
    private static final JavaClasses ROOM = new ClassFileImporter().importPackages("io.aeon.broker");

    @TestFactory
    Stream<DynamicTest> everyCommandIsHandledByItsActor() {
        return Stream.of(
                        handled(
                                PartitionCommand.class,
                                PartitionActor.class,
                                ClosingPartition.class,
                                MovingPartition.class,
                                hidden("partition.actor.ServingStates")),
                        handled(TopicsCommand.class, Topics.class),
                        handled(CoordinatorsCommand.class, CoordinatorRuntime.class),
                        handled(hidden("coordinator.Coordinator$Command"), hidden("coordinator.Coordinator")),
                        handled(Housekeeper.Command.class, Housekeeper.class),
                        handled(LogCleaner.Command.class, LogCleaner.class),
                        handled(DiskWatch.Command.class, DiskWatch.class),
                        handled(ReplicaFetchers.Command.class, ReplicaFetchers.class),
                        handled(hidden("replica.FetcherMessage"), hidden("replica.ReplicaFetcher")),
                        handled(BrokerGuardian.Command.class, BrokerGuardian.class))
                .flatMap(tests -> tests);
    }

    private static Stream<DynamicTest> handled(Class<?> commands, Class<?>... actorAndItsStates) {
        Set<String> matched = Stream.of(actorAndItsStates)
                .flatMap(each -> matchedBy(each).stream())
                .collect(Collectors.toSet());
        return leaves(commands)
                .map(command -> DynamicTest.dynamicTest(
                        actorAndItsStates[0].getSimpleName() + " handles " + command.getSimpleName(),
                        () -> assertThat(matched).contains(command.getName())));
    }

    /** A command that only its own room can create. */
    private static Class<?> hidden(String name) {
        return ROOM.get("io.aeon.broker." + name).reflect();
    }

    private static Set<String> matchedBy(Class<?> actor) {
        JavaClass code = ROOM.get(actor);
        return Stream.concat(
                        code.getReferencedClassObjects().stream().map(ReferencedClassObject::getRawType),
                        code.getInstanceofChecks().stream().map(InstanceofCheck::getRawType))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
    }

    private static Stream<Class<?>> leaves(Class<?> commands) {
        return commands.isSealed()
                ? Arrays.stream(commands.getPermittedSubclasses()).flatMap(CommandsTest::leaves)
                : Stream.of(commands);
    }
}
