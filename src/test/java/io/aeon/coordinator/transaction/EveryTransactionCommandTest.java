package io.aeon.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.Commands;
import io.aeon.coordinator.Request;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In every state a transactional id handles every command without an exception, and answers every request in the end.
 */
class EveryTransactionCommandTest {
    private static final Map<TransactionState, Consumer<ProducerDriver>> WAYS = Map.of(
            TransactionState.DEAD,
            driver -> {},
            TransactionState.EMPTY,
            ProducerDriver::init,
            TransactionState.ONGOING,
            driver -> driver.add(driver.init(), 2, "a"),
            TransactionState.PREPARE_COMMIT,
            driver -> end(driver, true),
            TransactionState.PREPARE_ABORT,
            driver -> end(driver, false),
            TransactionState.COMPLETE_COMMIT,
            driver -> complete(driver, true),
            TransactionState.COMPLETE_ABORT,
            driver -> complete(driver, false));

    private static void end(ProducerDriver driver, boolean commit) {
        InitResult who = driver.init();
        driver.add(who, 2, "a");
        driver.end(who, 2, commit);
    }

    private static void complete(ProducerDriver driver, boolean commit) {
        end(driver, commit);
        driver.writeMarkers();
    }

    @ParameterizedTest
    @EnumSource
    void isHandledInEveryState(TransactionState state) {
        for (TransactionCommand command : Commands.oneOfEach(TransactionCommand.class)) {
            ProducerDriver driver = new ProducerDriver();
            WAYS.get(state).accept(driver);
            assertThat(driver.state()).isEqualTo(state);

            driver.step(command);

            driver.pass(ProducerDriver.PATIENCE_MS);
            if (command instanceof Request<?> request) {
                assertThat(request.reply()).as(command.toString()).isDone();
                assertThat(request.reply().join())
                        .as(command.toString())
                        .isNotEqualTo(request.refusal(Errors.UNKNOWN_SERVER_ERROR));
            }
        }
    }
}
