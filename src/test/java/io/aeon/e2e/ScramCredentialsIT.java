package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.admin.UserScramCredentialsDescription;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.UnacceptableCredentialException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SCRAM credentials are set, described and deleted by Kafka's Admin client (KIP-554). */
class ScramCredentialsIT {
    private static final ScramCredentialInfo SHORT = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
    private static final ScramCredentialInfo LONG = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 8192);

    @Test
    void credentialsAreKeptOverARestartUntilTheyAreDeleted(@TempDir Path dir) {
        try (Aeon broker = Aeon.builder().dataDirectory(dir).start();
                Admin admin = new Clients(broker).admin()) {
            upsert(admin, "alice", SHORT);
            upsert(admin, "alice", LONG);
            upsert(admin, "bob", LONG);
        }
        try (Aeon broker = Aeon.builder().dataDirectory(dir).start();
                Admin admin = new Clients(broker).admin()) {
            assertThat(described(admin).get("alice").credentialInfos()).containsExactlyInAnyOrder(SHORT, LONG);
            delete(admin, "bob", ScramMechanism.SCRAM_SHA_512);
            delete(admin, "alice", ScramMechanism.SCRAM_SHA_256);
            assertThat(described(admin))
                    .containsOnlyKeys("alice")
                    .hasEntrySatisfying(
                            "alice", of -> assertThat(of.credentialInfos()).containsExactly(LONG));
            assertThatThrownBy(() -> delete(admin, "bob", ScramMechanism.SCRAM_SHA_512))
                    .hasCauseInstanceOf(ResourceNotFoundException.class);
            assertThatThrownBy(() -> upsert(admin, "bob", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 100)))
                    .hasCauseInstanceOf(UnacceptableCredentialException.class)
                    .hasMessageContaining("Too few iterations");
        }
    }

    @Test
    void aNodeWithAControllerListenerSendsThemToTheController() {
        try (Aeon node = Aeon.builder().set("aeon.listeners.controller.port", 0).start();
                Admin admin = new Clients(node).admin()) {
            upsert(admin, "alice", SHORT);
            await().until(() -> described(admin).containsKey("alice"));
        }
    }

    private static void upsert(Admin admin, String user, ScramCredentialInfo info) {
        done(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, info, "secret")))
                .all());
    }

    private static void delete(Admin admin, String user, ScramMechanism mechanism) {
        done(admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion(user, mechanism)))
                .all());
    }

    private static Map<String, UserScramCredentialsDescription> described(Admin admin) {
        return done(admin.describeUserScramCredentials().all());
    }
}
