package io.aeon.api.faults;

import java.time.Duration;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a fault does.
 *
 * @param onReply whether it acts on the answer, and not on the request
 * @param error the error of the answer; only for {@link Kind#FAIL}
 * @param time only for {@link Kind#DELAY}
 */
record FaultAction(Kind kind, boolean onReply, Errors error, Duration time) {
    enum Kind {
        FAIL,
        DELAY,
        DROP,
        HOLD,
        DUPLICATE
    }

    static FaultAction of(Kind kind, boolean onReply) {
        return new FaultAction(kind, onReply, Errors.NONE, Duration.ZERO);
    }

    static FaultAction fail(Errors error, boolean onReply) {
        return new FaultAction(Kind.FAIL, onReply, error, Duration.ZERO);
    }

    static FaultAction delay(Duration time, boolean onReply) {
        return new FaultAction(Kind.DELAY, onReply, Errors.NONE, time);
    }

    /** Whether a request or its answer may wait for longer than its client. */
    boolean mayWait() {
        return kind == Kind.DELAY || kind == Kind.DROP || kind == Kind.HOLD;
    }
}
