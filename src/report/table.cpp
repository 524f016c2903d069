#include "report/table.hpp"

#include <algorithm>

#include "report/describe.hpp"
#include "report/text_width.hpp"

namespace trama {
namespace {

constexpr std::size_t kNumberWidth = 6;
constexpr std::string_view kBar = " │ ";
constexpr std::size_t kBarWidth = 3;
constexpr std::size_t kCellMin = 8;
constexpr std::size_t kCellMax = 40;

/// What one row shows, before it is cut to its columns.
struct Content {
  ThreadId thread = kNoThread;
  const TraceStep* step = nullptr;
  std::string text;  ///< of an access that is no step
  std::string place;
};

class Table {
 public:
  Table(const Trace& trace, const std::vector<Row>& rows, const std::vector<ThreadId>& columns,
        const TextStyle& style)
      : trace_(trace), columns_(columns), style_(style) {
    const std::size_t place_max = style.width >= 90 ? 26 : 18;
    place_width_ = display_width(text_of(Message::label_place, style.language));
    for (const Row& row : rows) {
      const std::size_t wanted = row.folded != 0 ? 0 : display_width(content_of(row).place);
      place_width_ = std::clamp(wanted, place_width_, std::max(place_width_, place_max));
    }
    place_width_ = std::max<std::size_t>(place_width_, 12);  // "(1234567890)" of a fold
    const std::size_t count = std::max<std::size_t>(columns.size(), 1);
    const std::size_t fixed = kNumberWidth + 1 + kBarWidth * count + place_width_;
    cell_width_ = style.width > fixed + kCellMin * count ? (style.width - fixed) / count : kCellMin;
    cell_width_ = std::min(cell_width_, kCellMax);
  }

  std::string head() const {
    std::string line(kNumberWidth + 1, ' ');
    for (const ThreadId thread : columns_) {
      line += paint_thread(style_, thread, fit(thread_name(trace_, thread), cell_width_));
      line += paint(style_, Paint::dim, kBar);
    }
    line += paint(style_, Paint::dim, text_of(Message::label_place, style_.language));
    return line;
  }

  std::string row(const Row& row) const {
    if (row.folded != 0) return fold(row.folded);
    const Content content = content_of(row);
    const std::string number = row.access != nullptr ? "" : fmt::format("{}", row.step);
    std::string line = paint(style_, Paint::dim, fmt::format("{:>{}}", number, kNumberWidth));
    line += row.focus ? paint(style_, Paint::alarm, "▸") : " ";
    line += cells(content, row.focus);
    line += paint(style_, Paint::dim, shorten_left(content.place, place_width_));
    return line;
  }

 private:
  Content content_of(const Row& row) const {
    Content content;
    if (row.access != nullptr) {
      content.thread = row.access->thread;
      content.text = fmt::format("{} {}", verb(row.access->operation, style_.language),
                                 cell_name(trace_, row.access->address));
      content.place = place_text(trace_, kNoIndex, row.access->stack);
    } else if (row.step < trace_.steps.size()) {
      content.step = &trace_.steps[row.step];
      content.thread = content.step->event.thread;
      content.place = place_text(trace_, content.step->place, content.step->stack);
    }
    return content;
  }

  std::string text_of_content(const Content& content, std::size_t width) const {
    if (content.step == nullptr) return content.text;
    return step_text(trace_, *content.step, style_.language, width);
  }

  std::string fold(std::uint32_t count) const {
    std::string line = fmt::format("{:>{}} ", "…", kNumberWidth);
    std::string cells;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      cells += std::string(cell_width_, ' ');
      cells += kBar;
    }
    return paint(style_, Paint::dim, line + cells + fmt::format("({})", count));
  }

  std::string cells(const Content& content, bool focus) const {
    const auto at = std::find(columns_.begin(), columns_.end(), content.thread);
    if (at == columns_.end()) {
      // No column of its own: the whole width, under its name.
      const std::size_t width = columns_.size() * (cell_width_ + kBarWidth);
      const std::size_t inner = width > kBarWidth ? width - kBarWidth : 0;
      const std::string whole =
          thread_name(trace_, content.thread) + ": " + text_of_content(content, inner);
      return paint(style_, Paint::dim, fit(whole, inner) + std::string(kBar));
    }
    std::string line;
    for (const ThreadId column : columns_) {
      if (column == content.thread) {
        const std::string cell = fit(text_of_content(content, cell_width_), cell_width_);
        line += focus && style_.color ? "\x1b[1m" : "";
        line += paint_thread(style_, column, cell);
      } else {
        line += std::string(cell_width_, ' ');
      }
      line += paint(style_, Paint::dim, kBar);
    }
    return line;
  }

  const Trace& trace_;
  const std::vector<ThreadId>& columns_;
  const TextStyle& style_;
  std::size_t place_width_ = 0;
  std::size_t cell_width_ = 0;
};

}  // namespace

std::vector<std::string> draw_table(const Trace& trace, const std::vector<Row>& rows,
                                    const std::vector<ThreadId>& columns, const TextStyle& style) {
  const Table table(trace, rows, columns, style);
  std::vector<std::string> lines{table.head()};
  for (const Row& row : rows) lines.push_back(table.row(row));
  return lines;
}

}  // namespace trama
