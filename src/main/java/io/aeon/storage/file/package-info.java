/**
 * File operations with an interface for fault injection, files that are replaced as a whole, the descriptor and memory
 * map of a segment, and the slices that readers borrow.
 */
@NullMarked
package io.aeon.storage.file;

import org.jspecify.annotations.NullMarked;
