package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.embedded.Aeon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What is left of a console when its broker is closed. Isolated, because it looks for threads by their names. */
@Isolated
class ConsoleEndIT {
    private static final Pattern OF_THE_CONSOLE = Pattern.compile(
            "aeon-(http|console).*|HTTP-Dispatcher|.*-timeout-task|server-timer.*|.*(aeon-console|aeon-groups).*");

    @Test
    void aClosedBrokerLeavesNoThreadAndNoPort() {
        Aeon broker = Aeon.builder().set("aeon.console.port", 0).start();
        Browser browser = new Browser(broker.console().orElseThrow());
        for (String path : List.of("/", "/api/topics", "/api/problems", "/api/overview")) {
            assertThat(browser.get(path).statusCode()).isEqualTo(200);
        }
        try (Events events = browser.follow("/api/live")) {
            events.next("moment", moment -> true);
            assertThat(threads()).isNotEmpty();

            broker.close();

            assertThatThrownBy(() -> events.next("moment", moment -> false))
                    .isInstanceOfAny(AssertionError.class, UncheckedIOException.class);
        }
        assertThatThrownBy(() -> browser.get("/healthz"))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(IOException.class);
        Awaitility.await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> OF_THE_CONSOLE.matcher(name).matches())
                .toList();
    }
}
