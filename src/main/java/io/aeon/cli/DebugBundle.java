package io.aeon.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A zip file of texts that are collected at the same time, each with at most 512 KiB. Not thread-safe. */
final class DebugBundle {
    private static final int LARGEST_PART = 512 << 10;

    private final Map<String, Callable<String>> parts = new LinkedHashMap<>();

    /** @param text what the part holds; it may fail or take too long, then the part is left out */
    void add(String name, Callable<String> text) {
        parts.put(name, text);
    }

    /**
     * Collects all parts and writes the file.
     *
     * @param patience time for all parts together
     * @return one line for each part that is left out, with the reason
     * @throws IOException the file exists, or cannot be written
     */
    List<String> write(Path file, Duration patience) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool(DebugBundle::daemon);
        List<String> missing = new ArrayList<>();
        long deadline = System.nanoTime() + patience.toNanos();
        Map<String, Future<String>> collected = new LinkedHashMap<>();
        parts.forEach((name, text) -> collected.put(name, threads.submit(text)));
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
                ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, Future<String>> part : collected.entrySet()) {
                try {
                    put(zip, part.getKey(), text(part.getValue(), deadline));
                } catch (ExecutionException e) {
                    Throwable reason = e.getCause() == null ? e : e.getCause();
                    missing.add(part.getKey() + ": " + reason.getMessage());
                } catch (TimeoutException e) {
                    missing.add(part.getKey() + ": not there within " + patience.toMillis() + " ms");
                }
            }
            put(zip, "left-out.txt", String.join("\n", missing) + "\n");
        } finally {
            threads.shutdownNow();
        }
        return missing;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "aeon-debug-bundle");
        thread.setDaemon(true);
        return thread;
    }

    private static String text(Future<String> part, long deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        return part.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private static void put(ZipOutputStream zip, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes, 0, Math.min(bytes.length, LARGEST_PART));
        if (bytes.length > LARGEST_PART) {
            zip.write(("\n(" + (bytes.length - LARGEST_PART) + " more bytes)\n").getBytes(StandardCharsets.UTF_8));
        }
        zip.closeEntry();
    }
}
