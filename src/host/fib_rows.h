/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answers of host/fib laid out flat, for what every packet asks. Where a host has no policy rules of its own, and no
 * route that passes the question on, the answer depends on the destination alone: it is that of the first row that holds
 * it. Elsewhere there are no rows, and host/fib searches. Both say the same: tests/unit/test_host_fib.c asks both.
 *
 * Owned by the topology, made when that is finished, and made anew when a link goes down or comes up.
 */
#ifndef HOST_FIB_ROWS_H
#define HOST_FIB_ROWS_H

#include "host/fib.h"

/* Where packets are sent; and where somebody is, which addresses of the host itself and links that are down do not change. */
enum fib_question { FIB_WAY, FIB_PLACE, FIB_QUESTION_COUNT };

struct fib_row {
	struct masked_address where;
	struct fib_answer answer;
};

struct fib_row_list {
	struct fib_row *rows;		/* owned */
	size_t n_rows, capacity;
	bool is_usable;
};

struct fib_rows {
	struct fib_row_list lists[2][FIB_QUESTION_COUNT];	/* IPv4, IPv6 */
};

struct fib_rows *fib_rows_create(const struct topology *topology);
void fib_rows_destroy(struct fib_rows *rows);

/* The answer; NULL: the rows cannot tell. */
const struct fib_answer *fib_rows_find(const struct fib_rows *rows, enum fib_question question, enum family family,
				       const struct address *destination);

#endif
