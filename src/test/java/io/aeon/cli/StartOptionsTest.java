package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;

class StartOptionsTest {
    private static Map<String, String> settings(String line) throws ParseException {
        return StartOptions.settings(Given.to(new StartCommand(), List.of(line.split(" "))));
    }

    @Test
    void eachOptionIsASetting() throws Exception {
        assertThat(settings("--data d --port 1 --node-id 2 --join a:3,b:4 -Daeon.log.flush=os"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "aeon.data-dir", "d",
                        "aeon.listeners.client.port", "1",
                        "aeon.node-id", "2",
                        "aeon.join", "a:3,b:4",
                        "aeon.log.flush", "os"));
    }

    @Test
    void theHostCountsForTheListenersOfTheCommandLine() throws Exception {
        assertThat(settings("--host 10.0.0.1"))
                .containsExactlyEntriesOf(Map.of("aeon.listeners.client.host", "10.0.0.1"));
        assertThat(settings("--host 10.0.0.1 --controller-port 9093"))
                .containsEntry("aeon.listeners.controller.host", "10.0.0.1")
                .containsEntry("aeon.listeners.controller.port", "9093");
    }
}
