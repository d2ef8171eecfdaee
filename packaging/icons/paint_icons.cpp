// SPDX-License-Identifier: GPL-3.0-or-later
// espalier_icons FILE.svg PREFIX SIZE…: paints an image as PREFIX-SIZE.png in every size. Part of the build.
#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>

#include <cstdio>

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    QSvgRenderer renderer(arguments.value(0));
    if (!renderer.isValid() || arguments.size() < 3) {
        std::fprintf(stderr, "%s is no SVG image, or no size was given\n", qPrintable(arguments.value(0)));
        return 1;
    }
    for (const QString& size : arguments.mid(2)) {
        const int edge = size.toInt();
        QImage image(edge, edge, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        renderer.render(&painter);
        painter.end();
        const QString path = QStringLiteral("%1-%2.png").arg(arguments.at(1), size);
        if (edge <= 0 || !image.save(path)) {
            std::fprintf(stderr, "%s could not be written\n", qPrintable(path));
            return 1;
        }
    }
    return 0;
}
