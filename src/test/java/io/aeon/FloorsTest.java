package io.aeon;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import what: each room and the rooms below it that it uses. */
@AnalyzeClasses(packages = "io.aeon", importOptions = DoNotIncludeTests.class)
class FloorsTest {
    private static final String[] WIRE = {"org.apache.kafka.common.message..", "org.apache.kafka.common.requests.."};

    @ArchTest
    static final ArchRule arrows_point_downward = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("control")
            .definedBy("io.aeon.control")
            .layer("threads")
            .definedBy("io.aeon.threads..")
            .layer("logging")
            .definedBy("io.aeon.logging..")
            .layer("storage")
            .definedBy("io.aeon.storage..")
            .layer("protocol")
            .definedBy("io.aeon.protocol..")
            .layer("config")
            .definedBy("io.aeon.config..")
            .layer("coordinator")
            .definedBy("io.aeon.coordinator..")
            .layer("replication")
            .definedBy("io.aeon.replication..")
            .layer("metadata")
            .definedBy("io.aeon.metadata..")
            .layer("security")
            .definedBy("io.aeon.security..")
            .layer("counters")
            .definedBy("io.aeon.counters..")
            .layer("metrics")
            .definedBy("io.aeon.metrics..")
            .layer("broker")
            .definedBy("io.aeon.broker..")
            .layer("api")
            .definedBy("io.aeon.api..")
            .layer("peers")
            .definedBy("io.aeon.peers..")
            .layer("network")
            .definedBy("io.aeon.network..")
            .layer("diagnosis")
            .definedBy("io.aeon.diagnosis..")
            .layer("console")
            .definedBy("io.aeon.console..")
            .layer("embedded")
            .definedBy("io.aeon.embedded..")
            .layer("cli")
            .definedBy("io.aeon.cli..")
            .layer("test")
            .definedBy("io.aeon.test")
            .layer("test.junit")
            .definedBy("io.aeon.test.junit")
            .layer("test.spring")
            .definedBy("io.aeon.test.spring")
            .layer("test.inside")
            .definedBy("io.aeon.test.inside")
            .whereLayer("control")
            .mayNotAccessAnyLayer()
            .whereLayer("threads")
            .mayNotAccessAnyLayer()
            .whereLayer("logging")
            .mayNotAccessAnyLayer()
            .whereLayer("storage")
            .mayNotAccessAnyLayer()
            .whereLayer("protocol")
            .mayNotAccessAnyLayer()
            .whereLayer("config")
            .mayNotAccessAnyLayer()
            .whereLayer("coordinator")
            .mayNotAccessAnyLayer()
            .whereLayer("replication")
            .mayNotAccessAnyLayer()
            .whereLayer("counters")
            .mayNotAccessAnyLayer()
            .whereLayer("security")
            .mayOnlyAccessLayers("config")
            .whereLayer("metadata")
            .mayOnlyAccessLayers("logging", "storage", "config")
            .whereLayer("broker")
            .mayOnlyAccessLayers(
                    "logging", "storage", "coordinator", "replication", "metadata", "config", "counters", "threads")
            .whereLayer("api")
            .mayOnlyAccessLayers(
                    "logging",
                    "broker",
                    "protocol",
                    "metadata",
                    "security",
                    "storage",
                    "coordinator",
                    "config",
                    "control",
                    "counters",
                    "threads")
            .whereLayer("peers")
            .mayOnlyAccessLayers("broker", "coordinator", "replication", "metadata", "config")
            .whereLayer("network")
            .mayOnlyAccessLayers("logging", "api", "protocol", "security", "storage", "config", "threads")
            .whereLayer("metrics")
            .mayOnlyAccessLayers("logging", "console", "api", "broker", "coordinator", "metadata", "counters")
            .whereLayer("diagnosis")
            .mayOnlyAccessLayers("protocol")
            .whereLayer("console")
            .mayOnlyAccessLayers("broker", "metadata", "config", "diagnosis")
            .whereLayer("cli")
            .mayOnlyAccessLayers("embedded", "config", "diagnosis", "logging")
            .whereLayer("test")
            .mayOnlyAccessLayers("control")
            .whereLayer("test")
            .mayOnlyBeAccessedByLayers("test.junit", "test.spring")
            .whereLayer("test.junit")
            .mayOnlyAccessLayers("test")
            .whereLayer("test.junit")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("test.spring")
            .mayOnlyAccessLayers("control", "test")
            .whereLayer("test.spring")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("test.inside")
            .mayOnlyAccessLayers("embedded", "config", "control")
            .whereLayer("test.inside")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule a_project_sees_nothing_of_the_test_dependency_but_the_JDK = classes()
            .that()
            .resideInAPackage("io.aeon.test")
            .and()
            .doNotHaveFullyQualifiedName("io.aeon.test.Slf4jLogger")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.aeon.test", "io.aeon.control", "java..", "org.jspecify.annotations");

    @ArchTest
    static final ArchRule the_project_and_the_broker_share_types_that_need_the_JDK_alone = classes()
            .that()
            .resideInAPackage("io.aeon.control")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.aeon.control", "java..", "org.jspecify.annotations");

    @ArchTest
    static final ArchRule the_extension_works_without_kafka_clients = classes()
            .that()
            .resideInAPackage("io.aeon.test.junit")
            .and()
            .doNotHaveFullyQualifiedName("io.aeon.test.junit.InjectedClients")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.aeon.test",
                    "io.aeon.test.junit",
                    "java..",
                    "org.jspecify.annotations",
                    "org.junit.jupiter.api.extension",
                    "org.junit.platform.commons.support");

    @ArchTest
    static final ArchRule rooms_have_no_cycles =
            slices().matching("io.aeon.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_brokers_own_rooms_have_no_cycles =
            slices().matching("io.aeon.broker.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule a_partitions_rooms_stand_one_above_the_other = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("move")
            .definedBy("io.aeon.broker.partition.move")
            .layer("actor")
            .definedBy("io.aeon.broker.partition.actor")
            .layer("cleaning")
            .definedBy("io.aeon.broker.partition.cleaning")
            .layer("messages")
            .definedBy("io.aeon.broker.partition")
            .layer("directory")
            .definedBy("io.aeon.broker.partition.directory")
            .whereLayer("move")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("actor")
            .mayOnlyAccessLayers("cleaning", "messages", "directory")
            .whereLayer("cleaning")
            .mayOnlyAccessLayers("messages")
            .whereLayer("messages")
            .mayOnlyAccessLayers("directory")
            .whereLayer("directory")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule the_guardian_stands_above_the_brokers_own_rooms = noClasses()
            .that()
            .resideInAPackage("io.aeon.broker.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.aeon.broker");

    @ArchTest
    static final ArchRule storage_stands_on_the_JDK_alone = classes()
            .that()
            .resideInAPackage("io.aeon.storage..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.aeon.storage..", "java..", "org.jspecify.annotations");

    @ArchTest
    static final ArchRule storages_own_rooms_stand_one_above_the_other = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("repair")
            .definedBy("io.aeon.storage.repair")
            .layer("log")
            .definedBy("io.aeon.storage.log")
            .layer("recovery")
            .definedBy("io.aeon.storage.recovery")
            .layer("compaction")
            .definedBy("io.aeon.storage.compaction")
            .layer("producer")
            .definedBy("io.aeon.storage.producer")
            .layer("segment")
            .definedBy("io.aeon.storage.segment")
            .layer("batch")
            .definedBy("io.aeon.storage.batch")
            .layer("file")
            .definedBy("io.aeon.storage.file")
            .whereLayer("repair")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("log")
            .mayOnlyBeAccessedByLayers("repair")
            .whereLayer("recovery")
            .mayOnlyBeAccessedByLayers("repair", "log")
            .whereLayer("compaction")
            .mayOnlyBeAccessedByLayers("repair", "log", "recovery")
            .whereLayer("producer")
            .mayOnlyBeAccessedByLayers("repair", "log", "recovery", "compaction")
            .whereLayer("segment")
            .mayOnlyBeAccessedByLayers("repair", "log", "recovery", "compaction", "producer")
            .whereLayer("batch")
            .mayOnlyAccessLayers("file")
            .whereLayer("file")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule storage_itself_is_no_room =
            noClasses().that().doNotHaveSimpleName("package-info").should().resideInAPackage("io.aeon.storage");

    @ArchTest
    static final ArchRule a_groups_rooms_stand_one_above_the_other = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("group")
            .definedBy("io.aeon.coordinator.group")
            .layer("consumer")
            .definedBy("io.aeon.coordinator.group.consumer")
            .layer("classic")
            .definedBy("io.aeon.coordinator.group.classic")
            .layer("offset")
            .definedBy("io.aeon.coordinator.group.offset")
            .layer("member")
            .definedBy("io.aeon.coordinator.group.member")
            .layer("step")
            .definedBy("io.aeon.coordinator.group.step")
            .layer("command")
            .definedBy("io.aeon.coordinator.group.command")
            .layer("environment")
            .definedBy("io.aeon.coordinator.group.environment")
            .layer("record")
            .definedBy("io.aeon.coordinator.group.record")
            .whereLayer("group")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("consumer")
            .mayOnlyAccessLayers("classic", "member", "step", "command", "environment", "record")
            .whereLayer("classic")
            .mayOnlyAccessLayers("member", "step", "command", "environment", "record")
            .whereLayer("offset")
            .mayOnlyAccessLayers("member", "step", "command", "environment", "record")
            .whereLayer("member")
            .mayOnlyAccessLayers("step", "command", "record")
            .whereLayer("step")
            .mayOnlyAccessLayers("command", "environment", "record")
            .whereLayer("command")
            .mayOnlyAccessLayers("record")
            .whereLayer("environment")
            .mayNotAccessAnyLayer()
            .whereLayer("record")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule how_a_group_works_inside_is_its_own_business = noClasses()
            .that()
            .resideOutsideOfPackage("io.aeon.coordinator.group..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.aeon.coordinator.group.consumer",
                    "io.aeon.coordinator.group.classic",
                    "io.aeon.coordinator.group.offset",
                    "io.aeon.coordinator.group.member");

    @ArchTest
    static final ArchRule the_metadatas_rooms_stand_one_above_the_other = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("node")
            .definedBy("io.aeon.metadata.node")
            .layer("membership")
            .definedBy("io.aeon.metadata.membership")
            .layer("controller")
            .definedBy("io.aeon.metadata.controller")
            .layer("engine")
            .definedBy("io.aeon.metadata.engine")
            .layer("configs")
            .definedBy("io.aeon.metadata.configs")
            .layer("image")
            .definedBy("io.aeon.metadata.image")
            .layer("raft")
            .definedBy("io.aeon.metadata.raft")
            .layer("log")
            .definedBy("io.aeon.metadata.log")
            .layer("channel")
            .definedBy("io.aeon.metadata.channel")
            .layer("directory")
            .definedBy("io.aeon.metadata.directory")
            .layer("cluster")
            .definedBy("io.aeon.metadata")
            .whereLayer("node")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("membership")
            .mayOnlyAccessLayers("cluster", "image", "channel", "directory")
            .whereLayer("controller")
            .mayOnlyAccessLayers("cluster", "engine", "configs", "raft", "image", "channel")
            .whereLayer("engine")
            .mayOnlyAccessLayers("cluster", "configs", "raft", "image", "log", "channel", "directory")
            .whereLayer("configs")
            .mayOnlyAccessLayers("cluster")
            .whereLayer("image")
            .mayOnlyAccessLayers("cluster", "raft", "directory")
            .whereLayer("raft")
            .mayOnlyAccessLayers("cluster", "log", "channel", "directory")
            .whereLayer("log")
            .mayOnlyAccessLayers("directory")
            .whereLayer("channel")
            .mayNotAccessAnyLayer()
            .whereLayer("directory")
            .mayNotAccessAnyLayer()
            .whereLayer("cluster")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule how_metadata_are_agreed_on_is_their_own_business = noClasses()
            .that()
            .resideOutsideOfPackage("io.aeon.metadata..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.aeon.metadata.membership",
                    "io.aeon.metadata.controller",
                    "io.aeon.metadata.engine",
                    "io.aeon.metadata.raft",
                    "io.aeon.metadata.log",
                    "io.aeon.metadata.channel");

    @ArchTest
    static final ArchRule protocol_stands_on_kafka_clients = classes()
            .that()
            .resideInAPackage("io.aeon.protocol..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.aeon.protocol..",
                    "java..",
                    "org.jspecify.annotations",
                    "org.apache.kafka.common..",
                    "org.slf4j");

    @ArchTest
    static final ArchRule coordinators_and_replication_are_pure = noClasses()
            .that()
            .resideInAnyPackage("io.aeon.coordinator..", "io.aeon.replication..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("akka..", "java.io..", "java.nio.file..", "java.nio.channels..", "java.net..");

    @ArchTest
    static final ArchRule only_metadata_sees_kafkas_insides = noClasses()
            .that()
            .resideOutsideOfPackage("io.aeon.metadata..")
            .and()
            .doNotHaveFullyQualifiedName("io.aeon.config.KafkaDefinitions")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka.controller..",
                    "org.apache.kafka.raft..",
                    "org.apache.kafka.image..",
                    "org.apache.kafka.metadata..",
                    "org.apache.kafka.server..",
                    "org.apache.kafka.storage..");

    @ArchTest
    static final ArchRule wire_messages_end_in_the_api_room = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.aeon.protocol..",
                    "io.aeon.api..",
                    "io.aeon.metadata..",
                    "io.aeon.network..",
                    "io.aeon.peers..",
                    "io.aeon.diagnosis..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(WIRE)
                    .and(not(nameMatching(".*\\.ConsumerProtocol(Subscription|Assignment).*"))));

    @ArchTest
    static final ArchRule Akka_is_seen_in_four_rooms = noClasses()
            .that()
            .resideOutsideOfPackages("io.aeon.broker..", "io.aeon.network..", "io.aeon.embedded..", "io.aeon.threads..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("akka..");

    @ArchTest
    static final ArchRule the_broker_is_no_client = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.aeon.cli..",
                    "io.aeon.console..",
                    "io.aeon.diagnosis..",
                    "io.aeon.metadata..",
                    "io.aeon.peers..",
                    "io.aeon.test.junit",
                    "io.aeon.test.spring")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka.clients..");
}
