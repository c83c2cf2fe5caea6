package io.aeon.benchmarks.acceptance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.internals.Exit;

/**
 * Kafka's command-line tools, one call after the other in this JVM: most of what a short call costs is the start of its
 * JVM. A call on stdin is a number of words and then these words, each ended by a zero byte: the file for its output
 * and error output, the file with its input, the main class, its arguments. The answer on stdout is a line with its
 * exit status. A tool that ends the JVM by itself ends this program, with its status.
 */
final class ToolCalls {
    private static volatile ToolCall current = new ToolCall();

    private ToolCalls() {}

    /** What a call does to the JVM that it takes for its own. */
    private static final class ToolCall {
        private final CompletableFuture<Integer> status = new CompletableFuture<>();
        private final Queue<Runnable> shutdownHooks = new ConcurrentLinkedQueue<>();
    }

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        InputStream calls = new BufferedInputStream(System.in);
        Exit.setExitProcedure((status, message) -> end(status));
        Exit.setHaltProcedure((status, message) -> end(status));
        Exit.setShutdownHookAdder((name, hook) -> current.shutdownHooks.add(hook));
        for (Optional<String> words = word(calls); words.isPresent(); words = word(calls)) {
            List<String> call = new ArrayList<>();
            for (int missing = Integer.parseInt(words.get()); missing > 0; missing--) {
                call.add(word(calls).orElseThrow());
            }
            answers.println(run(call));
        }
        Runtime.getRuntime().halt(0);
    }

    private static Optional<String> word(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next != 0; next = in.read()) {
            if (next < 0) {
                return Optional.empty();
            }
            bytes.write(next);
        }
        return Optional.of(bytes.toString(StandardCharsets.UTF_8));
    }

    private static int run(List<String> call) throws Exception {
        try (PrintStream output = new PrintStream(new FileOutputStream(call.get(0)), true, StandardCharsets.UTF_8);
                InputStream input = new FileInputStream(call.get(1))) {
            System.setOut(output);
            System.setErr(output);
            System.setIn(input);
            ToolCall begun = new ToolCall();
            current = begun;
            String[] arguments = call.subList(3, call.size()).toArray(String[]::new);
            Thread thread = new Thread(() -> begun.status.complete(outcome(call.get(2), arguments)), "main");
            thread.setDaemon(true);
            thread.start();
            int status = begun.status.join();
            begun.shutdownHooks.forEach(Runnable::run);
            return status;
        }
    }

    private static int outcome(String main, String[] arguments) {
        try {
            Class.forName(main).getMethod("main", String[].class).invoke(null, (Object) arguments);
            return 0;
        } catch (InvocationTargetException failure) {
            System.err.print("Exception in thread \"main\" ");
            failure.getCause().printStackTrace();
        } catch (ReflectiveOperationException noSuchTool) {
            noSuchTool.printStackTrace();
        }
        return 1;
    }

    /** Nothing after the exit of a tool may run, and it may happen within a try that catches everything. */
    private static void end(int status) {
        current.status.complete(status);
        while (true) {
            LockSupport.park();
        }
    }
}
