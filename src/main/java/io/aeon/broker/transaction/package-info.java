/** The transaction coordinators, the gate before the partitions, and the markers. */
@NullMarked
package io.aeon.broker.transaction;

import org.jspecify.annotations.NullMarked;
