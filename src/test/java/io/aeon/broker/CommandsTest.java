package io.aeon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Akka drops a message that no handler matches without a word, so each command must be matched by name. */
class CommandsTest {
    private static final JavaClasses ROOM = new ClassFileImporter().importPackages("io.aeon.broker");

    @TestFactory
    Stream<DynamicTest> everyCommandIsHandledByItsActor() {
        return Stream.of(
                        handled(PartitionActor.class, PartitionCommand.class),
                        handled(Topics.class, Topics.Command.class),
                        handled(Groups.class, GroupsCommand.class),
                        handled(GroupCoordinator.class, GroupCoordinator.Command.class),
                        handled(Transactions.class, TransactionsCommand.class),
                        handled(TransactionCoordinator.class, TransactionCoordinator.Command.class),
                        handled(Housekeeper.class, Housekeeper.Command.class),
                        handled(DiskWatch.class, DiskWatch.Command.class),
                        handled(BrokerGuardian.class, BrokerGuardian.Command.class))
                .flatMap(tests -> tests);
    }

    private static Stream<DynamicTest> handled(Class<?> actor, Class<?> commands) {
        Set<String> matched = matchedBy(actor);
        return leaves(commands)
                .map(command -> DynamicTest.dynamicTest(
                        actor.getSimpleName() + " handles " + command.getSimpleName(),
                        () -> assertThat(matched).contains(command.getName())));
    }

    private static Set<String> matchedBy(Class<?> actor) {
        return ROOM.get(actor).getReferencedClassObjects().stream()
                .map(ReferencedClassObject::getRawType)
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
    }

    private static Stream<Class<?>> leaves(Class<?> commands) {
        return commands.isSealed()
                ? Arrays.stream(commands.getPermittedSubclasses()).flatMap(CommandsTest::leaves)
                : Stream.of(commands);
    }
}
