package io.aeon.api.groups;

import io.aeon.api.ApiHandler;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.config.KafkaSettings;
import io.aeon.metadata.Metadata;
import java.time.InstantSource;
import java.util.List;

/** The handlers of this package. */
public final class GroupHandlers {
    private GroupHandlers() {}

    public static List<ApiHandler<?>> all(
            GroupCoordinators groups,
            Metadata metadata,
            KafkaSettings settings,
            CoordinatorTopic offsetsTopic,
            CoordinatorTopic transactionTopic) {
        return List.of(
                new FindCoordinatorHandler(metadata, offsetsTopic, transactionTopic),
                new JoinGroupHandler(groups),
                new SyncGroupHandler(groups),
                new HeartbeatHandler(groups),
                new LeaveGroupHandler(groups),
                new OffsetCommitHandler(groups, metadata),
                new TxnOffsetCommitHandler(groups, metadata),
                new OffsetFetchHandler(groups, metadata, InstantSource.system()),
                new ConsumerGroupHeartbeatHandler(groups, metadata, settings),
                new ConsumerGroupDescribeHandler(groups, metadata),
                new DescribeGroupsHandler(groups),
                new ListGroupsHandler(groups),
                new DeleteGroupsHandler(groups),
                new OffsetDeleteHandler(groups, metadata));
    }
}
