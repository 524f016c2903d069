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
constexpr std::size_t kCellMax = 48;
constexpr std::size_t kOutputMin = 24;
constexpr std::size_t kAnyWidth = 1000;

/// What one row shows, before it is cut to its columns.
struct Content {
  Lane lane;
  const TraceStep* step = nullptr;
  bool no_value = false;  ///< the step was not carried out
  std::string text;       ///< of an access that is no step
  std::string place;
};

class Table {
 public:
  Table(const Trace& trace, const std::vector<Row>& rows, const std::vector<Lane>& columns,
        const TextStyle& style)
      : trace_(trace),
        finding_(trace.findings.empty() ? nullptr : &trace.findings.front()),
        columns_(columns),
        style_(style) {
    const std::size_t place_max = style.width >= 90 ? 26 : 18;
    place_width_ = display_width(text_of(Message::label_place, style.language));
    for (const Row& row : rows) {
      const std::size_t wanted = row.folded != 0 ? 0 : display_width(content_of(row).place);
      place_width_ = std::clamp(wanted, place_width_, std::max(place_width_, place_max));
    }
    place_width_ = std::max<std::size_t>(place_width_, 12);  // "(1234567890)" of a fold
    set_widths(rows);
  }

  std::string head() const {
    std::string line(kNumberWidth + 1, ' ');
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      line += paint_lane(columns_[i], fit(name(columns_[i]), widths_[i]));
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
  /// A column is as wide as its texts; where that is too much, the widest give way, but none
  /// below what its values need while another can.
  void set_widths(const std::vector<Row>& rows) {
    const std::size_t count = columns_.size();
    widths_.assign(count, kCellMin);
    std::vector<std::size_t> needed(count, kCellMin);
    for (std::size_t i = 0; i < count; ++i) {
      widths_[i] = std::clamp(display_width(name(columns_[i])), kCellMin, kCellMax);
    }
    for (const Row& row : rows) {
      if (row.folded != 0) continue;
      const Content content = content_of(row);
      const auto at = std::find(columns_.begin(), columns_.end(), content.lane);
      if (at == columns_.end()) continue;
      const auto column = static_cast<std::size_t>(at - columns_.begin());
      if (spills(content, row.focus, column)) continue;
      const auto width = [&](std::size_t room) {
        return std::min(display_width(text_of_content(content, room)), kCellMax);
      };
      widths_[column] = std::max(widths_[column], width(kAnyWidth));
      const bool output =
          content.step != nullptr && content.step->event.operation == Operation::output;
      const std::size_t least = output ? kOutputMin : width(0);
      needed[column] = std::max(needed[column], std::min(least, width(kAnyWidth)));
    }
    const std::size_t fixed = kNumberWidth + 1 + kBarWidth * count + place_width_;
    const std::size_t room =
        std::max(style_.width > fixed ? style_.width - fixed : 0, count * kCellMin);
    const auto shrink = [&](const std::vector<std::size_t>& least) {
      while (sum() > room) {
        std::size_t widest = count;
        for (std::size_t i = 0; i < count; ++i) {
          if (widths_[i] > least[i] && (widest == count || widths_[i] > widths_[widest]))
            widest = i;
        }
        if (widest == count) return;
        --widths_[widest];
      }
    };
    shrink(needed);
    shrink(std::vector<std::size_t>(count, kCellMin));
    // What runs on to the right may need the last column wider.
    std::size_t missing = 0;
    for (const Row& row : rows) {
      if (row.folded != 0) continue;
      const Content content = content_of(row);
      const auto at = std::find(columns_.begin(), columns_.end(), content.lane);
      const auto column = static_cast<std::size_t>(at - columns_.begin());
      if (at == columns_.end() || !spills(content, row.focus, column)) continue;
      std::size_t span = kBarWidth * (count - column - 1);
      for (std::size_t i = column; i < count; ++i) span += widths_[i];
      const std::size_t wanted = display_width(text_of_content(content, kAnyWidth));
      missing = std::max(missing, wanted > span ? wanted - span : 0);
    }
    if (count != 0 && room > sum()) widths_.back() += std::min(missing, room - sum());
  }

  std::string name(const Lane& lane) const { return lane_name(trace_, lane, style_.language); }

  /// Tasks have colours as if they were threads beside main.
  std::string paint_lane(const Lane& lane, const std::string& text) const {
    const TaskId number = lane.task + 1U;
    const auto who = lane.task == kNoTask ? lane.thread : static_cast<ThreadId>(number % 6 + 1);
    return paint_thread(style_, who, text);
  }

  std::size_t sum() const {
    std::size_t total = 0;
    for (const std::size_t width : widths_) total += width;
    return total;
  }

  /// True for what may run on over the empty cells to its right: the program's own texts,
  /// and what a thread does that the finding is not about.
  bool spills(const Content& content, bool focus, std::size_t column) const {
    if (column + 1 >= columns_.size() || content.step == nullptr) return false;
    const Operation operation = content.step->event.operation;
    return operation == Operation::output || operation == Operation::exit ||
           (content.lane == Lane{kMainThread, kNoTask} && !focus);
  }

  Content content_of(const Row& row) const {
    Content content;
    if (row.access != nullptr) {
      content.lane = lane_of(trace_, *row.access);
      content.text = access_text(trace_, *row.access, style_.language);
      content.place = place_text(trace_, kNoIndex, row.access->stack);
    } else if (row.step < trace_.steps.size()) {
      content.step = &trace_.steps[row.step];
      content.lane = lane_of(trace_, *content.step);
      content.place = place_text(trace_, content.step->place, content.step->stack);
      // A race is found before its last access is carried out.
      const Event& event = content.step->event;
      content.no_value = finding_ != nullptr && finding_->code == FindingCode::race &&
                         finding_->step == row.step && event.operation == Operation::write &&
                         event.before == event.after;
    }
    return content;
  }

  std::string text_of_content(const Content& content, std::size_t width) const {
    if (content.step == nullptr) return content.text;
    if (!content.no_value) return step_text(trace_, *content.step, style_.language, width);
    TraceStep step = *content.step;
    step.event.size = 0;
    return step_text(trace_, step, style_.language, std::max<std::size_t>(width, kCellMin));
  }

  std::string fold(std::uint32_t count) const {
    std::string line = fmt::format("{:>{}} ", "…", kNumberWidth);
    for (const std::size_t width : widths_) {
      line.append(width, ' ');
      line += kBar;
    }
    return paint(style_, Paint::dim, line + fmt::format("({})", count));
  }

  std::string cells(const Content& content, bool focus) const {
    const auto at = std::find(columns_.begin(), columns_.end(), content.lane);
    const std::size_t whole = sum() + kBarWidth * columns_.size();
    if (at == columns_.end()) {
      // No column of its own: the whole width, under its name.
      const std::size_t inner = whole > kBarWidth ? whole - kBarWidth : 0;
      const std::string who = name(content.lane) + ": ";
      const std::size_t used = std::min(display_width(who), inner);
      const std::string text = who + text_of_content(content, inner - used);
      return paint(style_, Paint::dim, fit(text, inner) + std::string(kBar));
    }
    const auto own = static_cast<std::size_t>(at - columns_.begin());
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i != own) {
        line += std::string(widths_[i], ' ');
      } else {
        std::size_t width = widths_[i];
        if (spills(content, focus, i)) {
          const std::size_t wanted = display_width(text_of_content(content, kAnyWidth));
          while (width < wanted && i + 1 < columns_.size()) width += kBarWidth + widths_[++i];
        }
        const std::string cell = fit(text_of_content(content, width), width);
        line += focus && style_.color ? "\x1b[1m" : "";
        line += paint_lane(content.lane, cell);
      }
      line += paint(style_, Paint::dim, kBar);
    }
    return line;
  }

  const Trace& trace_;
  const Finding* finding_;
  const std::vector<Lane>& columns_;
  const TextStyle& style_;
  std::size_t place_width_ = 0;
  std::vector<std::size_t> widths_;  ///< of the columns
};

}  // namespace

std::vector<std::string> draw_table(const Trace& trace, const std::vector<Row>& rows,
                                    const std::vector<Lane>& columns, const TextStyle& style) {
  const Table table(trace, rows, columns, style);
  std::vector<std::string> lines{table.head()};
  for (const Row& row : rows) lines.push_back(table.row(row));
  return lines;
}

}  // namespace trama
