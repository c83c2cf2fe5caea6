package io.aeon.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThrottledReplicasTest {
    private static final int BROKER = 1;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''          | ''
            *           | 0,1,2
            ' * '       | 0,1,2
            0:1         | 0
            0:1,2:1,1:2 | 0,2
            0:1, 1:1    | 0,1
            0:11        | ''
            """)
    void aListNamesAllReplicasOrSomeOfEachBroker(String list, String partitions) {
        ThrottledReplicas replicas = ThrottledReplicas.of(list, BROKER);

        List<String> named = IntStream.range(0, 3)
                .filter(replicas::has)
                .mapToObj(Integer::toString)
                .toList();
        assertThat(String.join(",", named)).isEqualTo(partitions);
    }
}
