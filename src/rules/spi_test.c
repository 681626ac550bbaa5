/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/spi_test.h"

void spi_test_init(void *config)
{
	((struct spi_config *)config)->range.last = UINT32_MAX;
}

void spi_test_list(const struct spi_config *config, struct text *out)
{
	const struct number_range *range = &config->range;
	bool is_inverted = options_is_inverted(&config->marks, SPI);

	if (!range->first && range->last == UINT32_MAX && !is_inverted)
		return;
	text_printf(out, "spi%s:%s", range->first == range->last ? "" : "s", is_inverted ? "!" : "");
	match_parts_print_range(range, out);
}
