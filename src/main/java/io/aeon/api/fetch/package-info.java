/** Fetch: sessions (KIP-227), reads across partitions, and the long poll. */
@NullMarked
package io.aeon.api.fetch;

import org.jspecify.annotations.NullMarked;
