/**
 * The members of a group under the classic protocol: joins, syncs, and rebalances from one generation to the next.
 */
@NullMarked
package io.aeon.coordinator.group.classic;

import org.jspecify.annotations.NullMarked;
