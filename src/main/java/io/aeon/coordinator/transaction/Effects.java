package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one step asks of the outside.
 *
 * @param append to be stored; its outcome comes back as {@link TransactionCommand.Appended} or
 *     {@link TransactionCommand.AppendFailed}, and there is never a second one before that
 * @param markers to be appended to their partitions
 * @param wantsProducerId an id nobody has had, to be given by {@link TransactionCommand.ProducerIdGiven}
 * @param replies answers that may leave at once: what they tell is durable
 * @param notes what an operator may want to read in the log
 */
public record Effects(
        @Nullable TransactionRecord append,
        List<Marker> markers,
        boolean wantsProducerId,
        List<Reply<?>> replies,
        List<String> notes) {}
