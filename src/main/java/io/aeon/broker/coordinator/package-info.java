/** What group and transaction coordinators have in common: their actors and the partitions that keep their state. */
@NullMarked
package io.aeon.broker.coordinator;

import org.jspecify.annotations.NullMarked;
