/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A drawing as SVG, and as a gnuplot script that makes PNG or PDF of it. */
#ifndef PICTURE_CANVAS_WRITE_H
#define PICTURE_CANVAS_WRITE_H

#include "base/text.h"
#include "picture/canvas.h"

void canvas_write_svg(const struct canvas *canvas, enum theme theme, struct text *out);

enum gnuplot_terminal { GNUPLOT_PNG, GNUPLOT_PDF };

/* The script plots to its standard output. */
void canvas_write_gnuplot(const struct canvas *canvas, enum theme theme, enum gnuplot_terminal terminal, struct text *out);

#endif
