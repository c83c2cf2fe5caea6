package io.aeon.conformance;

import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** The levels of features are changed and brought back, and what cannot be is refused. */
final class FeaturesScript implements Script {
    private static final int LATEST = 99;
    private static final byte UPGRADE = 1;
    private static final byte SAFE_DOWNGRADE = 2;
    private static final byte UNSAFE_DOWNGRADE = 3;
    private static final String GROUPS = "group.version";
    private static final String TRANSACTIONS = "transaction.version";
    private static final String METADATA = "metadata.version";

    private final int level;
    private Stage stage;
    private Line line;

    FeaturesScript(int level) {
        this.level = level;
    }

    @Override
    public String name() {
        return "features-of-level-" + level;
    }

    @Override
    public void play(Stage on) {
        stage = on;
        line = on.line();
        change("a downgrade that is not called one", TRANSACTIONS, 1, UPGRADE);
        change("an upgrade that is called a downgrade", TRANSACTIONS, 3, SAFE_DOWNGRADE);
        change("a level below zero", TRANSACTIONS, -1, SAFE_DOWNGRADE);
        change("a level that is not there", GROUPS, 2, UPGRADE);
        change("an unknown feature", "no.such.version", 1, UPGRADE);
        change("an unknown kind of change", GROUPS, 0, (byte) 7);
        change("metadata to an old level", METADATA, 7, SAFE_DOWNGRADE);
        change("metadata to an old level, unsafely", METADATA, 7, UNSAFE_DOWNGRADE);
        change("metadata to an unknown level", METADATA, 6, SAFE_DOWNGRADE);
        change("metadata to no level", METADATA, 0, SAFE_DOWNGRADE);
        change("to the same level", GROUPS, 1, UPGRADE);
        two("one right and one wrong change");
        if (stage.version(ApiKeys.UPDATE_FEATURES, level) > 0) {
            downAndUp();
        }
    }

    private void downAndUp() {
        change("transactions down", TRANSACTIONS, 1, SAFE_DOWNGRADE);
        describe("lower transactions");
        change("transactions up", TRANSACTIONS, 2, UPGRADE);
        change("no consumer protocol", GROUPS, 0, SAFE_DOWNGRADE);
        describe("no consumer protocol");
        line.ask(
                "join without the consumer protocol",
                level,
                new ConsumerGroupHeartbeatRequestData().setGroupId(name()).setMemberId("m"),
                ConsumerGroupHeartbeatResponseData.class);
        ConsumerGroupDescribeRequestData group = new ConsumerGroupDescribeRequestData();
        group.groupIds().add(name());
        line.ask("describe without the consumer protocol", level, group, ConsumerGroupDescribeResponseData.class);
        change("the consumer protocol", GROUPS, 1, UPGRADE);
    }

    private void describe(String what) {
        line.ask(
                "features with " + what,
                LATEST,
                new ApiVersionsRequestData().setClientSoftwareName("wire").setClientSoftwareVersion("1"),
                ApiVersionsResponseData.class,
                answer -> answer.apiKeys().clear());
    }

    private void change(String what, String feature, int to, byte type) {
        UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
        request.featureUpdates().add(update(feature, to, type));
        ask(what, request);
    }

    private void two(String what) {
        UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
        request.featureUpdates().add(update(GROUPS, 1, UPGRADE));
        request.featureUpdates().add(update("no.such.version", 1, UPGRADE));
        ask(what, request);
    }

    private FeatureUpdateKey update(String feature, int to, byte type) {
        FeatureUpdateKey update = new FeatureUpdateKey().setFeature(feature).setMaxVersionLevel((short) to);
        return stage.version(ApiKeys.UPDATE_FEATURES, level) == 0
                ? update.setAllowDowngrade(type == SAFE_DOWNGRADE)
                : update.setUpgradeType(type);
    }

    private void ask(String what, UpdateFeaturesRequestData request) {
        line.ask("change " + what, level, request, UpdateFeaturesResponseData.class);
        stage.settle();
    }
}
