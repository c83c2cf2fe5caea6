package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupCommand.Delete;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/** Collects the changes of a consumer group: all requests and deadlines of one step make one {@link Draft}. */
final class Drafts {
    private final String groupId;
    private final StoredMembers stored;
    private final Supplier<ConsumerGroupSettings> settings;
    private final Supplier<TopicsImage> images;
    private final GroupEpochs epochs;
    private @Nullable Draft draft;

    Drafts(
            String groupId,
            StoredMembers stored,
            Supplier<ConsumerGroupSettings> settings,
            Supplier<TopicsImage> images,
            GroupEpochs epochs) {
        this.groupId = groupId;
        this.stored = stored;
        this.settings = settings;
        this.images = images;
        this.epochs = epochs;
    }

    /** The changes of this step so far. */
    Draft of(GroupStep step) {
        if (draft == null) {
            draft = new Draft(step, groupId, stored, images.get(), settings.get());
        }
        return draft;
    }

    /**
     * Carries out a request; if it is refused, nothing of it remains.
     *
     * @param refusal the answer to a refused request
     */
    <T> void change(
            GroupStep step,
            GroupCommand.Request<T> request,
            Function<Draft, T> action,
            Function<ApiException, T> refusal) {
        Draft changes = of(step);
        Draft.Mark before = changes.mark();
        try {
            changes.answer(request, action.apply(changes));
        } catch (ApiException e) {
            if (changes.size() > before.records()) {
                // a new epoch may be among what is taken back
                epochs.forget();
            }
            changes.backTo(before);
            changes.answer(request, refusal.apply(e));
        }
    }

    /**
     * Whether the batch of this step takes the changes of a further request. After changes that end the protocol it
     * takes none; the deletion of the group has a batch of its own.
     */
    boolean takes(GroupStep step, GroupCommand request) {
        Draft changes = of(step);
        boolean takesMore = !changes.isFull() && stored.useConsumerProtocol() && !(request instanceof Delete);
        return !step.changesMembers() && (changes.size() == 0 || takesMore);
    }

    /** Ends the step; returns its changes, null if nothing was collected. */
    @Nullable
    Draft take() {
        Draft taken = draft;
        draft = null;
        return taken;
    }
}
