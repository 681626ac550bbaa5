/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What -m ah, esp and ipcomp have in common: a number of the header in a range. */
#ifndef RULES_SPI_TEST_H
#define RULES_SPI_TEST_H

#include "rules/match_parts.h"

enum { SPI, SPI_RESERVED, SPI_LEN };

struct spi_config {
	struct option_marks marks;
	struct number_range range;
	uint32_t len;			/* -m ah of IPv6 */
};

#define SPI_OPTION(option, words) \
	{ .name = option, .kind = OPTION_NUMBER_RANGE, .flags = OPTION_INVERTIBLE | OPTION_OMIT_FULL, .mark = SPI, \
	  .offset = offsetof(struct spi_config, range), .max = UINT32_MAX, .value_name = "number[:number]", .summary = words }

/* The range is everything until the option says otherwise. */
void spi_test_init(void *config);

static inline bool spi_test_holds(const struct spi_config *config, uint32_t number)
{
	return match_parts_holds(&config->marks, SPI, match_parts_is_in_range(&config->range, number));
}

/* "spi:5", "spis:1:5" as `iptables -L` says it; nothing for every number. */
void spi_test_list(const struct spi_config *config, struct text *out);

#endif
