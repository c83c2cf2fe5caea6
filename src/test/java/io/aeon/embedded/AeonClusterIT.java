package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The lifecycle of a cluster inside this JVM. */
class AeonClusterIT {
    @Test
    void aSecondCloseHasNoEffectAndNoNodeStartsAfterwards() {
        AeonCluster cluster = Aeon.cluster(1).start();
        cluster.close();
        cluster.close();

        assertThat(cluster.nodes()).isEmpty();
        assertThatThrownBy(() -> cluster.start(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the cluster is closed");
    }
}
