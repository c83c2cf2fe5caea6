package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.Epoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.GroupEpoch;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.OldTopicMetadata;
import java.util.OptionalLong;
import org.slf4j.event.Level;

/** Begins the next group epoch when a subscription or a subscribed topic has changed. */
final class GroupEpochs {
    /** Version of the metadata with which the present epoch was compared, -1 if it must be compared again. */
    private long comparedVersion = -1;

    /**
     * Time of the last new epoch in {@link io.aeon.coordinator.Now#elapsedMs}, empty if this coordinator began none.
     */
    private OptionalLong changedAt = OptionalLong.empty();

    /** Begins the next epoch if the subscribed topics are others than at the present epoch. */
    void follow(Draft draft) {
        if (draft.image().version() != comparedVersion) {
            renew(draft, false);
        }
    }

    void next(Draft draft) {
        renew(draft, true);
    }

    /** Records of this class could not be stored. */
    void forget() {
        comparedVersion = -1;
    }

    /** Whether an epoch has begun within the last {@code ms} milliseconds. */
    boolean hasChangedWithin(Now now, long ms) {
        return changedAt.isPresent() && now.elapsedMs() - changedAt.getAsLong() < ms;
    }

    private void renew(Draft draft, boolean next) {
        ConsumerGroupState state = draft.state();
        long hash = new SubscribedTopics(state, draft.image()).hash();
        comparedVersion = draft.image().version();
        if (next || hash != state.metadataHash()) {
            int epoch = state.groupEpoch() + 1;
            changedAt = OptionalLong.of(draft.now().elapsedMs());
            draft.add(new GroupEpoch(draft.groupId(), new Epoch(epoch, hash)));
            draft.note(Level.DEBUG, "group epoch " + epoch);
        }
        if (state.hasOldTopicMetadata()) {
            draft.add(new OldTopicMetadata(draft.groupId(), null));
        }
    }
}
