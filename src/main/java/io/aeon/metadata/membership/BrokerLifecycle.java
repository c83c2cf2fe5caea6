package io.aeon.metadata.membership;

import java.util.Optional;

/**
 * The lifecycle of one broker in its cluster (KIP-631): which call to the active controller is due, and how an answer
 * changes the state. A state machine without I/O: the caller passes times in milliseconds of any clock, and makes the
 * calls, one at a time. Not thread-safe.
 */
public final class BrokerLifecycle {
    /** The states from registration to the end of a controlled shutdown. */
    enum State {
        UNREGISTERED,
        FENCED,
        IN_SERVICE,
        LEAVING,
        GONE
    }

    /** A call to the controller. The caller reports its outcome with the methods that the call names. */
    sealed interface Call {}

    /** Ends with {@link #registered} or {@link #failed}. */
    record Register() implements Call {}

    /**
     * Ends with {@link #answered} or {@link #failed}.
     *
     * @param epoch broker epoch of the registration
     * @param metadataOffset offset of this broker's latest metadata image
     * @param wantFence asks the controller to fence the broker, or to leave it fenced
     * @param wantShutDown asks the controller to move the leadership of this broker's partitions to other brokers
     */
    record Heartbeat(long epoch, long metadataOffset, boolean wantFence, boolean wantShutDown) implements Call {}

    /**
     * How often the controller is called.
     *
     * @param firstRetry milliseconds between a failed call and its first repetition
     * @param lastRetry maximum wait in milliseconds; each wait is twice the previous one
     * @param heartbeat milliseconds between an answered heartbeat and the next one; {@link #NEVER} if a session cannot
     *     expire
     */
    public record Pace(long firstRetry, long lastRetry, long heartbeat) {}

    static final long NEVER = Long.MAX_VALUE;
    /** Milliseconds between two heartbeats of a controlled shutdown. */
    static final long LEAVING_MS = 50;

    /** Milliseconds for which a broker in controlled shutdown waits for an answer of the controller. */
    static final long LONGEST_SILENCE_MS = 2000;

    private final Pace pace;
    private boolean fenceFirst;
    private State state = State.UNREGISTERED;
    private boolean underWay;
    /** There is news that the call under way does not tell. */
    private boolean hasMissedNews;

    private long due = Long.MIN_VALUE;
    private long retry;
    private long epoch = -1;
    private long metadataOffset = -1;
    private long heardAt;

    /** @param fenceFirst fences the broker before it serves, so that every partition gets a new leader epoch */
    BrokerLifecycle(Pace pace, boolean fenceFirst) {
        this.pace = pace;
        this.fenceFirst = fenceFirst;
        this.retry = pace.firstRetry();
    }

    State state() {
        return state;
    }

    /** The call to make now; empty if none is due or another call is in progress. */
    Optional<Call> next(long now) {
        if (underWay || now < due || !hasSomethingToSay()) {
            return Optional.empty();
        }
        underWay = true;
        hasMissedNews = false;
        return Optional.of(
                state == State.UNREGISTERED
                        ? new Register()
                        : new Heartbeat(epoch, metadataOffset, fenceFirst, state == State.LEAVING));
    }

    /**
     * The time at which {@link #next} has to be called again if no event occurs earlier; {@link #NEVER} if only an
     * event can make a call due.
     */
    long due() {
        return underWay || !hasSomethingToSay() ? NEVER : due;
    }

    /** A broker sends no heartbeat before its image contains its own registration. */
    private boolean hasSomethingToSay() {
        return state == State.UNREGISTERED || (state != State.GONE && metadataOffset >= epoch);
    }

    /** The controller has registered this broker. */
    void registered(long newEpoch, long now) {
        epoch = newEpoch;
        state = State.FENCED;
        succeeded(now);
    }

    /** The controller's answer to a heartbeat. */
    void answered(boolean fenced, boolean shouldShutDown, long now) {
        heardAt = now;
        if (state == State.LEAVING) {
            state = shouldShutDown ? State.GONE : State.LEAVING;
            succeeded(now + LEAVING_MS);
            return;
        }
        boolean asksAgain = fenced && (fenceFirst || state == State.IN_SERVICE);
        fenceFirst = false;
        state = fenced ? State.FENCED : State.IN_SERVICE;
        succeeded(asksAgain ? now : after(now, pace.heartbeat()));
    }

    /** The controller does not know this broker any more; it has to register again. */
    void unregistered() {
        if (state == State.LEAVING) {
            state = State.GONE;
        } else if (state != State.GONE) {
            state = State.UNREGISTERED;
        }
    }

    /** The call did not reach an active controller; it will be repeated. */
    void failed(long now) {
        underWay = false;
        due = after(now, retry);
        retry = Math.min(2 * retry, pace.lastRetry());
    }

    /**
     * This broker's image has reached {@code offset}. A fenced broker reports it at once, because the controller may be
     * waiting for this offset to unfence it.
     */
    void sees(long offset, long now) {
        boolean news = offset > metadataOffset;
        metadataOffset = Math.max(metadataOffset, offset);
        if (news && state == State.FENCED) {
            hasNews(now);
        }
    }

    /** The next heartbeat has something to tell, and is due at once, or as soon as a call under way is answered. */
    void hasNews(long now) {
        due = Math.min(due, now);
        hasMissedNews = underWay;
    }

    /** Begins a controlled shutdown. A broker that is not registered becomes {@link State#GONE} at once. */
    void leave(long now) {
        if (state == State.GONE) {
            return;
        }
        state = state == State.UNREGISTERED ? State.GONE : State.LEAVING;
        due = now;
        heardAt = now;
    }

    /** Whether a controlled shutdown has no controller that carries it out. */
    boolean isUnheard(long now) {
        return state == State.LEAVING && now - heardAt >= LONGEST_SILENCE_MS;
    }

    private static long after(long now, long wait) {
        return wait == NEVER ? NEVER : now + wait;
    }

    private void succeeded(long nextDue) {
        underWay = false;
        retry = pace.firstRetry();
        due = hasMissedNews ? Math.min(due, nextDue) : nextDue;
    }
}
