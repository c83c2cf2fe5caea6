/** Fetch: sessions (KIP-227), reading over many partitions, and the long poll. */
@NullMarked
package io.aeon.api.fetch;

import org.jspecify.annotations.NullMarked;
