package io.aeon.coordinator.group;

import io.aeon.coordinator.Reply;
import java.util.List;

/**
 * What one step asks of the outside.
 *
 * @param appends to be started in this order
 * @param replies answers that may leave at once: what they tell is durable
 * @param notes what an operator may want to read in the log
 */
public record Effects(List<Append> appends, List<Reply<?>> replies, List<String> notes) {}
