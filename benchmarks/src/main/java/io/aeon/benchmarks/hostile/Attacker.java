package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/**
 * The attacking process. Arguments: the row's name, the port. It attacks until it is killed, and prints a line when it
 * begins.
 */
final class Attacker {
    static final String BEGINS = "attack begins";

    private static final int REFUSED_PAUSE_MILLIS = 50;

    private Attacker() {}

    public static void main(String[] args) throws Exception {
        Attack attack = Rows.named(args[0]).attack();
        Target target = new Target(Integer.parseInt(args[1]));
        System.out.println(BEGINS);
        while (true) {
            tolerate(() -> attack.on(target));
        }
    }

    interface Try {
        void run() throws Exception;
    }

    /** A connection that the broker refuses or ends is its right; anything else is a fault of the rig, and ends it. */
    static void tolerate(Try attempt) throws InterruptedException {
        try {
            attempt.run();
        } catch (IOException ended) {
            BrokerProcess.pause(REFUSED_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (!(e instanceof ExecutionException && e.getCause() instanceof IOException)) {
                throw new IllegalStateException("the attack itself", e);
            }
        }
    }
}
