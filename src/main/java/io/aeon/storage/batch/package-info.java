/**
 * Record batches of format v2 as bytes: their headers, their CRC, iteration over them, and the description of damage.
 */
@NullMarked
package io.aeon.storage.batch;

import org.jspecify.annotations.NullMarked;
