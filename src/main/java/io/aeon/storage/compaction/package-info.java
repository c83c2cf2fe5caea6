/** Log compaction: when it is due, which segments a pass merges, and which of their records it keeps. */
@NullMarked
package io.aeon.storage.compaction;

import org.jspecify.annotations.NullMarked;
