/** Idempotent and transactional producers: their ids, their transactions, and what administrators see and do of them. */
@NullMarked
package io.aeon.api.transactions;

import org.jspecify.annotations.NullMarked;
