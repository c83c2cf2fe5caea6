package io.aeon.test.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.PatientWaits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program prints in its shutdown hook. */
class ExitHookTest {
    @ParameterizedTest
    @CsvSource({"inactive, closed", "active, ''", "removed, ''"})
    void theExitClosesWhatAContextThatIsNotActiveHas(String context, String printed) throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        context)
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(program.waitFor(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(printed);
        } finally {
            program.destroyForcibly();
        }
    }

    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            ExitHook hook = ExitHook.add(() -> arguments[0].equals("active"), () -> System.out.print("closed"));
            if (arguments[0].equals("removed")) {
                hook.remove();
            }
        }
    }
}
