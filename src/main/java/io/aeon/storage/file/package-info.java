/**
 * Files and what lasts in them: operations that tests can break, files replaced as a whole, one segment's bytes with its
 * descriptor and map, slices lent to readers.
 */
@NullMarked
package io.aeon.storage.file;

import org.jspecify.annotations.NullMarked;
