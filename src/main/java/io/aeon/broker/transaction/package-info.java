/** What is particular to coordinators of transactional ids: their topic, the gate before the partitions, the markers. */
@NullMarked
package io.aeon.broker.transaction;

import org.jspecify.annotations.NullMarked;
