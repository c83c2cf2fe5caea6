package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aeon.control.InjectedFault;
import io.aeon.embedded.Aeon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages of the console ask for and do. The tests share a broker, and each has topics of its own. */
class ConsoleIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PAGE = Path.of("src/main/resources/io/aeon/console/page");

    /** For records that are older than the retention of other topics. */
    private static final Map<String, String> KEPT = Map.of("retention.ms", "-1");

    private static Aeon broker;
    private static Clients clients;
    private static Browser browser;

    @BeforeAll
    static void start() {
        broker = Aeon.builder()
                .set("aeon.console.port", 0)
                .set("aeon.console.write", true)
                .start();
        clients = new Clients(broker);
        browser = new Browser(broker.console().orElseThrow());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static JsonNode get(String path) {
        return json(browser.get(path).body());
    }

    private static JsonNode post(String path, String body) {
        return json(browser.post(path, body.replace('\'', '"')).body());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + text, e);
        }
    }

    /** A page lacks what the broker has not told within a few seconds, and is asked for again. */
    private static void eventually(ThrowingRunnable shown) {
        Awaitility.await().ignoreExceptions().untilAsserted(shown);
    }

    /** What the path answers as soon as its records have these times and these partitions have not answered. */
    private static JsonNode awaitPart(String path, List<Long> times, List<Integer> unanswered) {
        return Awaitility.await()
                .ignoreExceptions()
                .until(
                        () -> get(path),
                        part -> times(part).equals(times) && unanswered(part).equals(unanswered));
    }

    private static List<Integer> unanswered(JsonNode part) {
        List<Integer> partitions = new ArrayList<>();
        part.path("unanswered").forEach(each -> partitions.add(each.intValue()));
        return partitions;
    }

    @Test
    void everyFileOfThePageIsServed() throws IOException {
        long bytes = 0;
        assertThat(browser.get("/").headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        try (Stream<Path> files = Files.walk(PAGE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                var served = browser.get("/page/" + PAGE.relativize(file));
                assertThat(served.statusCode()).as(file.toString()).isEqualTo(200);
                assertThat(served.body())
                        .isEqualTo(Files.readString(file))
                        .as("nothing is loaded from elsewhere")
                        .doesNotContainPattern("(src|href|url|from|import)\\W{1,3}(https?:)?//");
                bytes += Files.size(file);
            }
        }
        assertThat(bytes).isLessThan(300_000);
        assertThat(browser.get("/page/../reference.conf").statusCode()).isEqualTo(404);
        assertThat(browser.get("/page/none.js").statusCode()).isEqualTo(404);
    }

    @Test
    void theOverviewTellsOfTheBroker() {
        eventually(() -> {
            JsonNode overview = get("/api/overview");

            assertThat(overview.path("nodeId").intValue()).isEqualTo(1);
            assertThat(overview.path("write").booleanValue()).isTrue();
            assertThat(overview.at("/brokers/0/state").textValue()).isEqualTo("serving");
            assertThat(overview.at("/memory/heapUsed").longValue()).isPositive();
            assertThat(overview.path("problems")).isEmpty();
        });
    }

    @Test
    void whatChangesIsSentAsEvents() {
        clients.create("live", 1, Map.of());
        try (Events events = browser.follow("/api/live")) {
            events.next("moment", first -> true);
            clients.send("live", List.of("value"), Map.of());

            String moment = events.next(
                    "moment", next -> json(next).at("/rates/recordsIn").doubleValue() > 0);
            assertThat(json(moment).at("/rates/bytesIn").doubleValue()).isPositive();
            assertThat(json(moment).at("/memory/heapUsed").longValue()).isPositive();
        }
    }

    @Test
    void topicsAreListedInPagesWithSizeAndRecords() {
        clients.create("list-a", 3, Map.of("cleanup.policy", "compact,delete"));
        clients.create("list-b", 1, Map.of());
        clients.send("list-b", List.of("one", "two"), Map.of());

        JsonNode page = get("/api/topics?search=LIST-&limit=1");
        assertThat(page.path("total").intValue()).isEqualTo(2);
        assertThat(page.path("items")).hasSize(1);
        assertThat(page.at("/items/0/name").textValue()).isEqualTo("list-a");
        assertThat(page.at("/items/0/partitions").intValue()).isEqualTo(3);
        assertThat(page.at("/items/0/cleanup").textValue()).isEqualTo("compact,delete");

        eventually(() -> {
            JsonNode second = get("/api/topics?search=list-&limit=1&offset=1").at("/items/0");
            assertThat(second.path("name").textValue()).isEqualTo("list-b");
            assertThat(second.path("records").longValue()).isEqualTo(2);
            assertThat(second.path("ends").longValue()).isEqualTo(2);
            assertThat(get("/api/topic?name=list-b")
                            .at("/partitions/items/0/end")
                            .longValue())
                    .isEqualTo(2);
        });
    }

    @Test
    void aTopicIsCreatedChangedAndDeleted() {
        post("/api/topics/create", "{'name': 'made', 'partitions': 2, 'settings': {'retention.ms': '1000'}}");
        assertThat(setting("made", "retention.ms").path("value").textValue()).isEqualTo("1000");
        assertThat(setting("made", "retention.ms").path("source").textValue()).isEqualTo("this topic");
        assertThat(setting("made", "segment.bytes").path("source").textValue()).isEqualTo("default");

        post(
                "/api/topics/settings",
                "{'name': 'made', 'settings': {'retention.ms': null, 'segment.bytes': '2000000'}}");
        assertThat(setting("made", "retention.ms").path("own").booleanValue()).isFalse();
        assertThat(setting("made", "segment.bytes").path("value").textValue()).isEqualTo("2000000");

        post("/api/topics/partitions", "{'name': 'made', 'partitions': 5}");
        assertThat(get("/api/topic?name=made").at("/partitions/total").intValue())
                .isEqualTo(5);

        post("/api/topics/delete", "{'name': 'made'}");
        assertThat(browser.get("/api/topic?name=made").statusCode()).isEqualTo(404);
    }

    private static JsonNode setting(String topic, String name) {
        for (JsonNode each : get("/api/topic/settings?name=" + topic)) {
            if (each.path("name").textValue().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no setting " + name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/topics/create     | {'name': 'no/name'}                        | 400
            /api/topics/create     | {'nme': 'typo'}                            | 400
            /api/topics/create     | {}                                         | 400
            /api/topics/create     | [                                          | 400
            /api/topics/delete     | {'name': 'nowhere'}                        | 404
            /api/topics/delete     | {'name': '__consumer_offsets'}             | 400
            /api/topics/settings   | {'name': 'nowhere', 'settings': {'retention.ms':'1'}} | 404
            /api/records/send      | {'topic': 'nowhere'}                       | 404
            /api/transactions/abort| {'id': 'nobody'}                           | 404
            """)
    void aChangeThatCannotBeMadeIsRefusedByName(String path, String body, int status) {
        var answer = browser.post(path, body.replace('\'', '"'));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).isNotBlank().doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/topic,400",
        "/api/topic?name=nowhere,404",
        "/api/topic/settings?name=nowhere,404",
        "/api/topics?limit=0,400",
        "/api/topics?limit=x,400",
        "/api/records?topic=nowhere,404",
        "/api/record?topic=nowhere,404",
        "/api/tail?topic=nowhere,404",
        "/api/group?group=nobody,404",
        "/api/producers?topic=nowhere,404",
        "/api/group,400"
    })
    void aQuestionAboutNothingIsRefusedByName(String path, int status) {
        var answer = browser.get(path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).isNotBlank().doesNotContain("Exception");
    }

    @Test
    void recordsAreReadFromBothEndsFromAnOffsetAndFromATime() throws Exception {
        clients.create("read", 2, KEPT);
        send("read", 0, 1_000, 2_000, 3_000);
        send("read", 1, 1_500, 2_500);

        JsonNode newest = awaitPart("/api/records?topic=read&limit=3", List.of(3_000L, 2_500L, 2_000L), List.of());
        awaitPart("/api/records?topic=read&from=oldest&limit=2", List.of(1_000L, 1_500L), List.of());
        awaitPart("/api/records?topic=read&from=offset&at=1", List.of(2_000L, 2_500L, 3_000L), List.of());
        awaitPart("/api/records?topic=read&from=time&at=2600", List.of(3_000L), List.of());
        awaitPart("/api/records?topic=read&partition=1", List.of(2_500L, 1_500L), List.of());
        String cursor = newest.path("cursor").textValue();
        JsonNode older = awaitPart("/api/records?topic=read&cursor=" + cursor, List.of(1_500L, 1_000L), List.of());
        assertThat(older.has("cursor")).isFalse();
        assertThat(browser.get("/api/records?topic=read&partition=2").statusCode())
                .isEqualTo(400);
        assertThat(browser.get("/api/records?topic=read&cursor=x").statusCode()).isEqualTo(400);
    }

    @Test
    void aPartitionThatDoesNotAnswerIsNamedAndGoesOnWhereItWas() throws Exception {
        clients.create("silent", 2, KEPT);
        send("silent", 0, 1_000, 2_000);
        send("silent", 1, 1_500, 2_500);
        String cursor = awaitPart("/api/records?topic=silent&limit=1", List.of(2_500L), List.of())
                .path("cursor")
                .textValue();
        try (InjectedFault fault = broker.control()
                .requests("ListOffsets")
                .topic("silent")
                .partition(1)
                .fail("TOPIC_AUTHORIZATION_FAILED")) {
            awaitPart("/api/records?topic=silent", List.of(2_000L, 1_000L), List.of(1));
            JsonNode older =
                    awaitPart("/api/records?topic=silent&limit=1&cursor=" + cursor, List.of(2_000L), List.of(1));
            assertThat(get("/api/topics?search=silent").at("/items/0").has("records"))
                    .isFalse();
            var record = browser.get("/api/record?topic=silent&partition=1&offset=0");
            assertThat(record.statusCode()).isEqualTo(503);
            assertThat(record.body()).contains("silent-1 has not answered");
            assertThat(fault.hits()).isPositive();
            cursor = older.path("cursor").textValue();
        }
        awaitPart("/api/records?topic=silent&cursor=" + cursor, List.of(1_500L, 1_000L), List.of());
    }

    @Test
    void producersOfThePartitionsThatAnswerAreShown() throws Exception {
        clients.create("half", 2, KEPT);
        send("half", 0, 1_000);
        send("half", 1, 1_000);
        try (InjectedFault fault = broker.control()
                .requests("DescribeProducers")
                .topic("half")
                .partition(1)
                .fail("NOT_LEADER_OR_FOLLOWER")) {
            eventually(() -> {
                JsonNode told = get("/api/producers?topic=half");
                assertThat(told.path("producers")).hasSize(1);
                assertThat(unanswered(told)).containsExactly(1);
            });
            assertThat(fault.hits()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"COORDINATOR_NOT_AVAILABLE", "CLUSTER_AUTHORIZATION_FAILED"})
    void producersAreShownThoughABrokerDoesNotTellItsTransactions(String error) throws Exception {
        String topic = "told-" + error;
        clients.create(topic, 1, KEPT);
        try (Producer<String, String> producer = clients.producer(Map.of("transactional.id", topic))) {
            beginLongAgo(producer, topic);
            try (InjectedFault fault =
                    broker.control().requests("ListTransactions").fail(error)) {
                eventually(() -> {
                    JsonNode told = get("/api/producers?topic=" + topic);
                    assertThat(told.path("hangingUnknown").booleanValue()).isTrue();
                    assertThat(told.path("producers")).hasSize(1);
                    assertThat(told.at("/producers/0/openFrom").longValue()).isZero();
                    assertThat(told.at("/producers/0/hanging").booleanValue()).isFalse();
                });
                assertThat(fault.hits()).isPositive();
            }
            eventually(() -> assertThat(get("/api/producers?topic=" + topic)
                            .path("hangingUnknown")
                            .booleanValue())
                    .isFalse());
            producer.abortTransaction();
        }
    }

    /** A record has the time that its producer gives it, and this one is older than any transaction may be. */
    private static void beginLongAgo(Producer<String, String> producer, String topic) throws Exception {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 0, 1L, null, "open")).get();
    }

    private static void send(String topic, int partition, long... times) throws Exception {
        try (Producer<String, String> producer = clients.producer(Map.of())) {
            for (long time : times) {
                producer.send(new ProducerRecord<>(topic, partition, time, null, "at " + time))
                        .get();
            }
        }
    }

    private static List<Long> times(JsonNode part) {
        return part.path("records").findValues("timestamp").stream()
                .map(JsonNode::longValue)
                .toList();
    }

    @Test
    void aRecordIsSentAndFoundByKeyValueAndHeader() {
        clients.create("sent", 1, Map.of());
        JsonNode at = post("/api/records/send", """
                {'topic': 'sent', 'key': {'text': 'Key-1'}, 'value': {'text': '{}'},
                 'headers': [{'key': 'trace', 'value': {'text': 'abc'}}]}""");
        post("/api/records/send", "{'topic': 'sent', 'key': {'text': 'key-2'}, 'value': null}");
        post("/api/records/send", "{'topic': 'sent', 'value': {'base64': 'AAEC'}}");

        assertThat(at.path("offset").longValue()).isZero();
        eventually(() -> {
            assertThat(offsets("key=KEY")).containsExactly(1L, 0L);
            assertThat(offsets("value=%7B")).containsExactly(0L);
            assertThat(offsets("header=trace%3Dab")).containsExactly(0L);
            assertThat(offsets("header=other")).isEmpty();
            JsonNode tombstone = get("/api/record?topic=sent&partition=0&offset=1");
            assertThat(tombstone.has("value")).isFalse();
            assertThat(tombstone.at("/key/text").textValue()).isEqualTo("key-2");
            assertThat(get("/api/record?topic=sent&partition=0&offset=2")
                            .at("/value/base64")
                            .textValue())
                    .isEqualTo("AAEC");
            assertThat(browser.get("/api/record?topic=sent&partition=0&offset=3")
                            .statusCode())
                    .isEqualTo(404);
        });
    }

    private static List<Long> offsets(String filter) {
        return get("/api/records?topic=sent&" + filter).path("records").findValues("offset").stream()
                .map(JsonNode::longValue)
                .toList();
    }

    @Test
    void theTailIsFollowed() {
        clients.create("tail", 1, Map.of());
        clients.send("tail", List.of("before"), Map.of());
        try (Events events = browser.follow("/api/tail?topic=tail&value=w")) {
            events.next("begun", begun -> true);
            clients.send("tail", List.of("other", "new"), Map.of());

            String told = events.next(
                    "records", records -> !json(records).path("records").isEmpty());
            assertThat(json(told).at("/records/0/value/text").textValue()).isEqualTo("new");
        }
    }

    /** A browser has the cursor of a topic that was deleted, and there is another one of the same name. */
    @Test
    void aTailThatGoesOnBeyondTheEndBeginsAtTheEnd() {
        clients.create("again", 1, Map.of());
        clients.send("again", List.of("old"), Map.of());
        try (Events events = browser.follow("/api/tail?topic=again&cursor=0.999999")) {
            events.next("begun", begun -> true);
            clients.send("again", List.of("new"), Map.of());

            String told = events.next(
                    "records", records -> !json(records).path("records").isEmpty());
            assertThat(json(told).at("/records/0/value/text").textValue()).isEqualTo("new");
        }
    }

    @Test
    void aTailGoesOnAtItsCursor() {
        clients.create("on", 1, Map.of());
        clients.send("on", List.of("seen", "missed"), Map.of());
        try (Events events = browser.follow("/api/tail?topic=on&cursor=0.1")) {
            String told = events.next(
                    "records", records -> !json(records).path("records").isEmpty());
            assertThat(json(told).at("/records/0/value/text").textValue()).isEqualTo("missed");
        }
    }

    @Test
    void aGroupIsShownWithItsLagAndTrend() {
        clients.create("read-by-group", 1, Map.of());
        clients.send("read-by-group", List.of("a", "b", "c"), Map.of());
        TopicPartition partition = new TopicPartition("read-by-group", 0);
        try (Consumer<String, String> consumer = clients.consumer(Map.of("group.id", "watched"))) {
            consumer.subscribe(List.of("read-by-group"));
            Clients.poll(consumer, 3);
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(1)));

            eventually(() -> {
                JsonNode listed = get("/api/groups?search=watched").at("/items/0");
                assertThat(listed.path("state").textValue()).isEqualTo("Stable");
                assertThat(listed.path("lag").longValue()).isEqualTo(2);
                assertThat(listed.has("growth")).isTrue();
            });
            JsonNode group = get("/api/group?group=watched");
            assertThat(group.path("members")).hasSize(1);
            assertThat(group.at("/partitions/items/0/committed").longValue()).isEqualTo(1);
            assertThat(group.at("/partitions/items/0/member").textValue()).isNotBlank();
            assertThat(get("/api/groups?search=watched&state=Empty")
                            .path("total")
                            .intValue())
                    .isZero();
        }
    }

    @Test
    void anOpenTransactionIsShownAndAborted() throws Exception {
        clients.create("in-transaction", 1, KEPT);
        try (Producer<String, String> producer = clients.producer(Map.of("transactional.id", "orders-7"))) {
            beginLongAgo(producer, "in-transaction");

            JsonNode open = get("/api/transactions?search=orders-7&open=1").at("/items/0");
            assertThat(open.path("state").textValue()).isEqualTo("Ongoing");
            assertThat(open.path("partitions").get(0).textValue()).isEqualTo("in-transaction-0");
            assertThat(open.path("hanging").booleanValue()).isFalse();
            JsonNode writer = Awaitility.await()
                    .until(
                            () -> get("/api/producers?topic=in-transaction"),
                            told -> told.path("producers").size() == 1)
                    .at("/producers/0");
            assertThat(writer.path("openFrom").longValue()).isZero();
            assertThat(writer.path("hanging").booleanValue()).isFalse();
            var refused = browser.post("/api/transactions/abort-hanging", """
                    {"topic": "in-transaction", "partition": 0, "producerId": %d, "producerEpoch": %d,
                     "coordinatorEpoch": 0, "openFrom": 0}""".formatted(
                    writer.path("producerId").longValue(), writer.path("epoch").intValue()));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("has no hanging transaction in in-transaction-0");
            awaitPart("/api/records?topic=in-transaction&uncommitted=1", List.of(1L), List.of());
            awaitPart("/api/records?topic=in-transaction", List.of(), List.of());

            post("/api/transactions/abort", "{'id': 'orders-7'}");

            eventually(() -> assertThat(get("/api/transactions?search=orders-7&open=1")
                            .path("total")
                            .intValue())
                    .isZero());
        }
    }

    @Test
    void aTransactionThatHasEndedIsNotShownAsOpen() throws Exception {
        clients.create("ended", 1, KEPT);
        try (Producer<String, String> producer = clients.producer(Map.of("transactional.id", "orders-8"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("ended", "k", "v")).get();
            producer.commitTransaction();

            eventually(() -> {
                JsonNode ended = get("/api/transactions?search=orders-8").at("/items/0");
                assertThat(ended.path("state").textValue()).isEqualTo("CompleteCommit");
                assertThat(ended.has("openMs")).isFalse();
            });
        }
    }

    @Test
    void settingsOfTheBrokerHaveTheirSourceAndSecretsAreLeftOut() {
        JsonNode settings = get("/api/settings");

        assertThat(settings.findValues("source"))
                .extracting(JsonNode::textValue)
                .contains("default", "given at the start");
        assertThat(settings)
                .allSatisfy(setting -> assertThat(setting.path("secret").booleanValue() && setting.has("value"))
                        .isFalse());
    }

    @Test
    void dataDirectoriesTellWhatTakesTheSpace() {
        clients.create("large", 1, Map.of());
        clients.send("large", List.of("x".repeat(100_000)), Map.of());

        eventually(() -> {
            JsonNode directory = get("/api/log-dirs").at("/directories/0");
            assertThat(directory.path("total").longValue()).isPositive();
            assertThat(directory.path("largest"))
                    .anySatisfy(
                            topic -> assertThat(topic.path("bytes").longValue()).isGreaterThan(100_000));
        });
    }

    @Test
    void aBrokerThatDoesNotTellItsSizesIsNoReasonToListNothing() {
        clients.create("unsized", 1, Map.of());
        try (InjectedFault fault = broker.control().requests("DescribeLogDirs").fail("CLUSTER_AUTHORIZATION_FAILED")) {
            // What was told before counts for some seconds.
            Awaitility.await().until(() -> !get("/api/log-dirs").path("silent").isEmpty());
            assertThat(fault.hits()).isPositive();

            JsonNode listed = get("/api/topics?search=unsized").at("/items/0");
            assertThat(listed.path("name").textValue()).isEqualTo("unsized");
            assertThat(listed.has("bytes")).isFalse();
        }
    }

    @Test
    void aBrokerWithoutProblemsHasNone() {
        eventually(() -> assertThat(get("/api/problems")).isEmpty());
    }

    @Test
    void settingsOfAGroupAreShown() {
        assertThat(get("/api/group/settings?name=any").findValues("name"))
                .extracting(JsonNode::textValue)
                .contains("consumer.session.timeout.ms");
    }
}
