package io.aeon.conformance;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirCollection;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopicCollection;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopicCollection;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.awaitility.Awaitility;

/** A partition moves between the two data directories of a broker, which are described; wrong moves are refused. */
final class LogDirsScript implements Script {
    private final int level;
    private final String topic;
    private Line line;

    LogDirsScript(int level) {
        this.level = level;
        this.topic = "log-dirs-of-level-" + level;
    }

    @Override
    public String name() {
        return topic;
    }

    @Override
    public void play(Stage stage) {
        line = stage.line();
        Uuid id = stage.create(topic, 1);
        line.quietly(
                level,
                Records.produce(
                        stage.version(ApiKeys.PRODUCE, level),
                        topic,
                        id,
                        MemoryRecords.withRecords(Compression.NONE, Records.numbered(0, 9))),
                ProduceResponseData.class);
        String here = holding();
        String elsewhere = directories().stream()
                .map(DescribeLogDirsResult::logDir)
                .filter(each -> !each.equals(here))
                .findFirst()
                .orElseThrow();
        describe("before it moves", topic, 0);
        move("to where it is", here, topic, 0);
        move("to a directory that is not there", "/nowhere", topic, 0);
        move("to a part of the path", here.substring(1), topic, 0);
        move("to a directory without a name", "", topic, 0);
        move("a partition that is not there", elsewhere, topic, 9);
        move("a negative partition", elsewhere, topic, -1);
        move("a topic without a name", elsewhere, "", 0);
        move("to the other directory", elsewhere, topic, 0);
        await(elsewhere);
        describe("after it has moved", topic, 0);
        move("back", here, topic, 0);
        await(here);
        describe("after it is back", topic, 0);
        describe("a partition that is not there", topic, 9);
        describe("a topic that is not there", "nowhere", 0);
    }

    private void await(String directory) {
        Awaitility.await()
                .until(() -> directories().stream()
                        .allMatch(
                                each -> each.topics().isEmpty() != each.logDir().equals(directory)));
    }

    private String holding() {
        return directories().stream()
                .filter(each -> !each.topics().isEmpty())
                .findFirst()
                .orElseThrow()
                .logDir();
    }

    private List<DescribeLogDirsResult> directories() {
        return line.quietly(level, described(topic, 0), DescribeLogDirsResponseData.class)
                .results();
    }

    private void describe(String what, String name, int partition) {
        line.ask("describe " + what, level, described(name, partition), DescribeLogDirsResponseData.class);
    }

    private static DescribeLogDirsRequestData described(String name, int partition) {
        DescribableLogDirTopicCollection topics = new DescribableLogDirTopicCollection();
        topics.add(new DescribableLogDirTopic().setTopic(name).setPartitions(List.of(partition)));
        return new DescribeLogDirsRequestData().setTopics(topics);
    }

    private void move(String what, String directory, String name, int partition) {
        AlterReplicaLogDirTopicCollection topics = new AlterReplicaLogDirTopicCollection();
        topics.add(new AlterReplicaLogDirTopic().setName(name).setPartitions(List.of(partition)));
        AlterReplicaLogDirCollection dirs = new AlterReplicaLogDirCollection();
        dirs.add(new AlterReplicaLogDir().setPath(directory).setTopics(topics));
        line.ask(
                "move " + what,
                level,
                new AlterReplicaLogDirsRequestData().setDirs(dirs),
                AlterReplicaLogDirsResponseData.class);
    }
}
