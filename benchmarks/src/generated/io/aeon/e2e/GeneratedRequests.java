package io.aeon.e2e;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Sends valid-looking requests of every announced API and version, of several clients at once. Arguments: port, seed,
 * seconds. Prints a line for each finding, and ends with status 1 if there is one: a request without an answer in a
 * minute, an answer that cannot be read, or UNKNOWN_SERVER_ERROR in an answer. A connection may be closed instead of an
 * answer.
 */
public final class GeneratedRequests {
    private static final int CLIENTS = 8;
    private static final int SHOWN_OF_A_KIND = 3;
    private static final int LETTERS_SHOWN = 1500;

    /** Leaves the processors time for the good client. */
    private static final int PAUSE_MILLIS = 10;

    private final int port;
    private final long endNanos;
    private final Map<String, AtomicLong> answered = new ConcurrentSkipListMap<>();
    private final Map<String, AtomicLong> closed = new ConcurrentSkipListMap<>();
    private final Map<String, AtomicLong> findings = new ConcurrentSkipListMap<>();

    private GeneratedRequests(int port, int seconds) {
        this.port = port;
        endNanos = System.nanoTime() + seconds * 1_000_000_000L;
    }

    public static void main(String[] args) throws InterruptedException {
        GeneratedRequests requests = new GeneratedRequests(Integer.parseInt(args[0]), Integer.parseInt(args[2]));
        long seed = Long.parseLong(args[1]);
        System.out.println("attack begins");
        Thread[] threads = new Thread[CLIENTS];
        for (int i = 0; i < CLIENTS; i++) {
            long own = seed * CLIENTS + i;
            threads[i] = new Thread(() -> requests.send(own), "client " + own);
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.exit(requests.report() ? 0 : 1);
    }

    private void send(long seed) {
        Random random = new Random(seed);
        GeneratedValues values = new GeneratedValues(random);
        WireClient client = connect();
        List<ApiKeys> apis;
        try (Conversation asked = new Conversation(connect())) {
            apis = asked.apis().toList();
            while (System.nanoTime() < endNanos) {
                Thread.sleep(PAUSE_MILLIS);
                ApiKeys api = apis.get(random.nextInt(apis.size()));
                List<Integer> versions = asked.versions(api);
                int version = versions.get(random.nextInt(versions.size()));
                if (!goesOn(client, api, version, values)) {
                    client.close();
                    client = connect();
                }
            }
            client.close();
        } catch (ReflectiveOperationException | InterruptedException | RuntimeException e) {
            finding("the generator itself", "seed " + seed + ": " + e);
        }
    }

    private WireClient connect() {
        return new WireClient("127.0.0.1", port);
    }

    /** Sends one request; false if the connection cannot be used any more. */
    private boolean goesOn(WireClient client, ApiKeys api, int version, GeneratedValues values)
            throws ReflectiveOperationException {
        ApiMessage request = new RequestFiller((short) version, values).request(api);
        String name = api.name + " v" + version;
        try {
            client.send(api, version, request);
            if (request instanceof ProduceRequestData produce && produce.acks() == 0) {
                return true;
            }
            ApiMessage reply = client.receive(api, version);
            count(answered, name);
            values.remember(reply);
            if (Conversation.errors(reply).contains(Errors.UNKNOWN_SERVER_ERROR) && !isUnknownInKafkaToo(request)) {
                finding(name + " answered UNKNOWN_SERVER_ERROR", reply + " to " + request);
            }
            return true;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof EOFException || e.getCause() instanceof SocketException) {
                count(closed, name);
            } else {
                finding(name + " was not answered", e + " to " + request);
            }
            return false;
        } catch (RuntimeException | AssertionError e) {
            finding(name + " has an answer that cannot be read", e + " to " + request);
            return false;
        }
    }

    /** Metadata by id with neither name nor id has this error in Kafka. */
    private static boolean isUnknownInKafkaToo(ApiMessage request) {
        return request instanceof MetadataRequestData metadata
                && metadata.topics() != null
                && metadata.topics().stream()
                        .anyMatch(
                                topic -> topic.name() == null && topic.topicId().equals(Uuid.ZERO_UUID));
    }

    private static long count(Map<String, AtomicLong> counts, String name) {
        return counts.computeIfAbsent(name, first -> new AtomicLong()).incrementAndGet();
    }

    /** @param kind findings of one kind are shown a few times and counted */
    private void finding(String kind, String what) {
        if (count(findings, kind) <= SHOWN_OF_A_KIND) {
            String line = "FINDING " + kind + ": " + what.replace('\n', ' ');
            System.out.println(line.substring(0, Math.min(line.length(), LETTERS_SHOWN)));
        }
    }

    private boolean report() {
        System.out.printf("%d requests of %d APIs and versions answered%n", sum(answered), answered.size());
        System.out.printf("%d connections closed instead of an answer to %s%n", sum(closed), closed);
        System.out.printf("%d findings %s%n", sum(findings), findings);
        return findings.isEmpty();
    }

    private static long sum(Map<String, AtomicLong> counts) {
        return counts.values().stream().mapToLong(AtomicLong::get).sum();
    }
}
