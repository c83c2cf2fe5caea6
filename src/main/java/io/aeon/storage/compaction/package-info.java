/** What log compaction keeps and what it drops; no I/O. */
@NullMarked
package io.aeon.storage.compaction;

import org.jspecify.annotations.NullMarked;
