package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.classic.ClassicGroup;
import io.aeon.coordinator.group.classic.Subscription;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.ConsumerHeartbeat;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.DescribeConsumerGroup;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.DescribeConsumerGroupResult;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupCommand.Describe;
import io.aeon.coordinator.group.command.GroupCommand.DescribeResult;
import io.aeon.coordinator.group.command.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.command.GroupCommand.Join;
import io.aeon.coordinator.group.command.GroupCommand.Leave;
import io.aeon.coordinator.group.command.GroupCommand.RegexesResolved;
import io.aeon.coordinator.group.command.GroupCommand.Sync;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.command.GroupType;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.member.MemberDeadlines.Key;
import io.aeon.coordinator.group.member.MemberDeadlines.Kind;
import io.aeon.coordinator.group.member.Membership;
import io.aeon.coordinator.group.member.OffsetRules;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The members of a group under the consumer protocol (KIP-848). All its requests and deadlines of one step make one
 * {@link Draft}; while that is on its way to the log, further requests wait, so that no answer tells what may be lost.
 */
public final class ConsumerGroup implements Membership {
    private final String groupId;
    private final StoredMembers stored;
    private final Supplier<ConsumerGroupSettings> settings;
    private final Supplier<TopicsImage> images;
    private final MemberDeadlines deadlines = new MemberDeadlines();
    private final GroupEpochs epochs = new GroupEpochs();
    private final Regexes regexes = new Regexes();
    private final Targets targets = new Targets(deadlines);
    private final ConsumerDepartures departures;
    private final ConsumerHeartbeats heartbeats;
    private final ClassicMembers classicMembers;
    private final OffsetRules offsetRules;
    private final MemberTimers timers;
    private final Drafts drafts;
    private final ConsumerHoldUps holdUps;
    private @Nullable String listedState;

    /** @param classic the same group under the classic protocol */
    public ConsumerGroup(
            String groupId,
            StoredMembers stored,
            ClassicGroup classic,
            Supplier<ConsumerGroupSettings> settings,
            Supplier<TopicsImage> images,
            Supplier<UUID> ids) {
        this.groupId = groupId;
        this.stored = stored;
        this.settings = settings;
        this.images = images;
        this.offsetRules = new ConsumerOffsetRules(stored.consumer());
        this.drafts = new Drafts(groupId, stored, settings, images, epochs);
        this.timers = new MemberTimers(stored.consumer(), deadlines, settings);
        this.holdUps = new ConsumerHoldUps(stored.consumer(), deadlines);
        Downgrade downgrade = new Downgrade(classic, deadlines);
        this.departures = new ConsumerDepartures(epochs, regexes, downgrade);
        this.heartbeats = new ConsumerHeartbeats(epochs, targets, regexes, deadlines, ids, classic.settings());
        this.classicMembers = new ClassicMembers(heartbeats, departures, targets, downgrade, deadlines);
    }

    @Override
    public long heapBytes() {
        return state().heapBytes();
    }

    private ConsumerGroupState state() {
        return stored.consumer();
    }

    @Override
    public void serve(GroupStep step, GroupCommand.Request<?> request) {
        if (request instanceof ConsumerHeartbeat heartbeat) {
            serve(step, heartbeat, changes -> {});
        } else if (request instanceof DescribeConsumerGroup describe) {
            step.reply(describe.reply(), describe(step.now()));
        } else if (request instanceof Describe describe) {
            step.reply(
                    describe.reply(),
                    new DescribeResult(
                            Errors.GROUP_ID_NOT_FOUND, "Group " + groupId + " is not a classic group.", null));
        } else if (request instanceof Leave leave) {
            change(step, leave, changes -> classicMembers.leave(changes, leave));
        } else if (state().members().isEmpty()) {
            step.refuse(request, Errors.UNKNOWN_MEMBER_ID);
        } else if (request instanceof Join join) {
            change(step, join, changes -> classicMembers.join(changes, join));
        } else if (request instanceof Sync sync) {
            change(step, sync, changes -> classicMembers.sync(changes, sync));
        } else if (request instanceof Heartbeat heartbeat) {
            change(step, heartbeat, changes -> classicMembers.heartbeat(changes, heartbeat));
        } else {
            step.refuse(request, Errors.UNKNOWN_SERVER_ERROR);
        }
    }

    /** @param before what is changed together with the heartbeat */
    public void serve(GroupStep step, ConsumerHeartbeat request, Consumer<Draft> before) {
        drafts.change(
                step,
                request,
                changes -> {
                    before.accept(changes);
                    return request.leaves() ? departures.leave(changes, request) : heartbeats.handle(changes, request);
                },
                refused -> ConsumerHeartbeatResult.failed(Errors.forException(refused), refused.getMessage()));
        ConsumerGroupSettings limits = settings.get();
        regexes.searchIfDue(step, state(), images.get(), limits.regexRefreshMs());
    }

    private <T> void change(GroupStep step, GroupCommand.Request<T> request, Function<Draft, T> action) {
        drafts.change(step, request, action, refused -> request.refusal(Errors.forException(refused)));
    }

    MemberDeadlines deadlines() {
        return deadlines;
    }

    /** The changes of this step so far. */
    Draft draft(GroupStep step) {
        return drafts.of(step);
    }

    /** Whether the batch of this step takes the changes of a further request. */
    public boolean mayChange(GroupStep step, GroupCommand request) {
        return drafts.takes(step, request);
    }

    /** Ends a step: its records are appended as one batch, which must be durable before the next changes. */
    public void flush(GroupStep step) {
        Draft changes = drafts.take();
        if (changes == null) {
            return;
        }
        if (changes.size() == 0) {
            changes.complete(step);
            return;
        }
        Map<String, Boolean> changed = changes.changedMembers();
        step.appendApplied(changes.records(), (later, error, baseOffset) -> {
            if (error == Errors.NONE) {
                // a change of the protocol takes sessions along before those of members that are gone are cancelled
                changes.complete(later);
                changed.forEach((memberId, reassigned) -> timers.follow(later, memberId, reassigned));
            } else {
                changes.fail(later, error);
                forget();
                // deadlines that caused the changes start again, so that they are tried again
                timers.start(later, changed.keySet());
            }
            changed.keySet().stream()
                    .filter(memberId -> state().member(memberId) == null)
                    .forEach(heartbeats::forget);
            listedState = null;
            holdUps.follow(later.now());
        });
    }

    /** What was noted about changes that could not be stored is not true. */
    private void forget() {
        epochs.forget();
        targets.forget();
        regexes.forget();
    }

    /** Answers a heartbeat while a change is on its way to the log, if it tells nothing of that; returns whether. */
    public boolean answersAtOnce(GroupStep step, GroupCommand.Request<?> request) {
        if (request instanceof ConsumerHeartbeat heartbeat
                && heartbeat.instanceId() == null
                && ConsumerHeartbeats.changesNothing(state(), heartbeat)) {
            int interval = heartbeats.usualInterval(step.now(), settings.get());
            deadlines.alive(
                    heartbeat.memberId(), step.now(), settings.get().session().ms());
            step.reply(
                    heartbeat.reply(),
                    new ConsumerHeartbeatResult(
                            Errors.NONE, null, heartbeat.memberId(), heartbeat.memberEpoch(), interval, null));
            return true;
        }
        return false;
    }

    /** The connection over which a member sent its last heartbeat has ended. */
    public void disconnected(GroupStep step, String memberId) {
        timers.disconnected(step.now(), memberId);
    }

    public void resolved(GroupStep step, RegexesResolved result) {
        Draft changes = draft(step);
        if (regexes.resolved(changes, result)) {
            epochs.next(changes);
            targets.updateUnasked(changes);
        }
    }

    @Override
    public void start(GroupStep step) {
        timers.startAll(step);
        holdUps.follow(step.now());
    }

    @Override
    public void tick(GroupStep step) {
        Map<String, String> late = new LinkedHashMap<>();
        boolean targetIsDue = false;
        for (Key key : deadlines.due(step.now())) {
            deadlines.cancel(key);
            if (key.kind() == Kind.HOLD_UP) {
                holdUps.report(step);
            } else if (key.kind() == Kind.TARGET) {
                targetIsDue = true;
            } else if (state().member(key.memberId()) != null) {
                late.putIfAbsent(key.memberId(), MemberTimers.missed(key.kind()));
            }
        }
        if (!late.isEmpty()) {
            departures.fence(draft(step), late);
        }
        if (targetIsDue && state().exists()) {
            targets.computeUnasked(draft(step));
        }
        deadlines.tighten();
    }

    @Override
    public long nextDeadline() {
        return deadlines.earliest();
    }

    private DescribeConsumerGroupResult describe(Now now) {
        if (!state().exists()) {
            return new DescribeConsumerGroupResult(Errors.GROUP_ID_NOT_FOUND, "Group " + groupId + " not found.", null);
        }
        String defaultAssignor = settings.get().assignors().get(0).name();
        return new DescribeConsumerGroupResult(
                Errors.NONE,
                null,
                ConsumerGroupDescriptions.of(state(), images.get(), defaultAssignor, holdUps.list(now)));
    }

    @Override
    public boolean exists() {
        return state().exists();
    }

    @Override
    public boolean isEmpty() {
        return state().exists() && state().members().isEmpty();
    }

    @Override
    public boolean isIdle() {
        return state().members().isEmpty();
    }

    @Override
    public List<GroupRecord> tombstones() {
        return ConsumerDepartures.tombstones(groupId, state());
    }

    @Override
    public Optional<GroupListing> listing() {
        if (!state().exists()) {
            return Optional.empty();
        }
        if (listedState == null) {
            listedState = ConsumerGroupDescriptions.stateOf(state());
        }
        return Optional.of(new GroupListing(groupId, Subscription.CONSUMER_PROTOCOL, listedState, GroupType.CONSUMER));
    }

    @Override
    public OffsetRules offsetRules() {
        return offsetRules;
    }
}
