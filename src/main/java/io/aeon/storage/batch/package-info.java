/** Record batches of format v2 as bytes: their headers, their CRC, the way from one to the next; what damage is. */
@NullMarked
package io.aeon.storage.batch;

import org.jspecify.annotations.NullMarked;
