/** What an opening finds out about a directory: what the last checkpoint vouches for, what is whole after it, what is not. */
@NullMarked
package io.aeon.storage.recovery;

import org.jspecify.annotations.NullMarked;
