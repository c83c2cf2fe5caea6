/** How fast clients may produce and fetch (KIP-13, KIP-219, KIP-546). */
@NullMarked
package io.aeon.api.quotas;

import org.jspecify.annotations.NullMarked;
