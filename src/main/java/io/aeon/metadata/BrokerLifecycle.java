package io.aeon.metadata;

import java.util.Optional;

/**
 * The life of one broker in its cluster (KIP-631): what it has to tell the active controller and when, and what the
 * answers make of it. A state machine without I/O: times in milliseconds of any clock come in, calls go out, one at a time.
 * Not thread-safe.
 */
final class BrokerLifecycle {
    /** From registration to the end of a controlled shutdown. */
    enum State {
        UNREGISTERED,
        FENCED,
        IN_SERVICE,
        LEAVING,
        GONE
    }

    /** What is to be sent to the controller; its outcome is told by the method that it names. */
    sealed interface Call {}

    /** Ends with {@link #registered} or {@link #failed}. */
    record Register() implements Call {}

    /**
     * Ends with {@link #answered} or {@link #failed}.
     *
     * @param epoch of the registration
     * @param metadataOffset how far this broker's image reaches
     * @param wantFence asks to be taken out of service, or to be left so
     * @param wantShutDown asks that leadership is moved elsewhere
     */
    record Heartbeat(long epoch, long metadataOffset, boolean wantFence, boolean wantShutDown) implements Call {}

    /**
     * How often the controller is called.
     *
     * @param firstRetry milliseconds after a failed call
     * @param lastRetry the most after several, each wait being twice the one before
     * @param heartbeat milliseconds from one answered heartbeat to the next; {@link #NEVER} if a session cannot expire
     */
    record Pace(long firstRetry, long lastRetry, long heartbeat) {}

    static final long NEVER = Long.MAX_VALUE;

    private final Pace pace;
    private boolean fenceFirst;
    private State state = State.UNREGISTERED;
    private boolean underWay;
    private long due = Long.MIN_VALUE;
    private long retry;
    private long epoch = -1;
    private long metadataOffset = -1;

    /** @param fenceFirst out of service once more before it serves, so that every partition gets a new leader epoch */
    BrokerLifecycle(Pace pace, boolean fenceFirst) {
        this.pace = pace;
        this.fenceFirst = fenceFirst;
        this.retry = pace.firstRetry();
    }

    State state() {
        return state;
    }

    /** The call to make now, if there is one; none while another is under way. */
    Optional<Call> next(long now) {
        if (underWay || now < due || !hasSomethingToSay()) {
            return Optional.empty();
        }
        underWay = true;
        return Optional.of(
                state == State.UNREGISTERED
                        ? new Register()
                        : new Heartbeat(epoch, metadataOffset, fenceFirst, state == State.LEAVING));
    }

    /** When {@link #next} has to be asked again if nothing happens before; {@link #NEVER} if it need not. */
    long due() {
        return underWay || !hasSomethingToSay() ? NEVER : due;
    }

    /** A broker that does not see its own registration yet has nothing to say. */
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
        boolean asksAgain = fenced && (fenceFirst || state == State.IN_SERVICE);
        fenceFirst = false;
        if (state == State.LEAVING) {
            state = shouldShutDown ? State.GONE : State.LEAVING;
        } else {
            state = fenced ? State.FENCED : State.IN_SERVICE;
        }
        succeeded(asksAgain ? now : after(now, pace.heartbeat()));
    }

    /** The call could not be made, or the controller is not active: it is repeated. */
    void failed(long now) {
        underWay = false;
        due = after(now, retry);
        retry = Math.min(2 * retry, pace.lastRetry());
    }

    /** This broker's image reaches that far. One that is fenced says so at once, since it may be why it is. */
    void sees(long offset, long now) {
        boolean news = offset > metadataOffset;
        metadataOffset = Math.max(metadataOffset, offset);
        if (news && state == State.FENCED && !underWay) {
            due = Math.min(due, now);
        }
    }

    /** Begins a controlled shutdown; one that is not registered is gone. */
    void leave(long now) {
        if (state == State.GONE) {
            return;
        }
        state = state == State.UNREGISTERED ? State.GONE : State.LEAVING;
        due = now;
    }

    private static long after(long now, long wait) {
        return wait == NEVER ? NEVER : now + wait;
    }

    private void succeeded(long nextDue) {
        underWay = false;
        retry = pace.firstRetry();
        due = nextDue;
    }
}
