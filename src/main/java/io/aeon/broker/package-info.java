/** The actors: topics, partitions, groups, housekeeping. */
@NullMarked
package io.aeon.broker;

import org.jspecify.annotations.NullMarked;
