/** Copies the partitions that this broker follows: one fetcher for each broker that leads some of them. */
@NullMarked
package io.aeon.broker.replica;

import org.jspecify.annotations.NullMarked;
