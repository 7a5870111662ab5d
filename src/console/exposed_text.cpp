#include "console/border.hpp"
#include "console/exposed_object.hpp"

namespace backdoor {

namespace {

constexpr std::size_t longest_string = 200;

bool is_left_out(const value& one) {
    const auto* const copy = std::get_if<copied_record>(&one.content());
    return copy != nullptr && copy->of == nullptr;
}

std::string repr_of(const value& plain) {
    return std::string{PyUnicode_AsUTF8(checked(PyObject_Repr(to_python(plain, {}).get())).get())};
}

class writer {
public:
    std::string operator()(const list& items) const { return joined(items, "[", "]"); }
    std::string operator()(const tuple& fixed) const {
        return joined(fixed.items, "(", fixed.items.size() == 1 ? ",)" : ")");
    }
    std::string operator()(const dict& items) const {
        std::string text = "{";
        for (const auto& [key, item] : items) {
            text += text.size() == 1 ? "" : ", ";
            text += is_left_out(key) ? "..." : text_of(key) + ": " + text_of(item);
        }
        return text + "}";
    }
    std::string operator()(const copied_record& copy) const {
        if (copy.of == nullptr) {
            return "...";
        }
        std::string text;
        auto next = copy.members.begin();
        for (const auto& one : copy.of->members) {
            if (!one.is_function) {
                text += (text.empty() ? "" : ", ") + one.name + "=" + text_of(*next++);
            }
        }
        return copy.of->name + "(" + text + ")";
    }
    std::string operator()(const std::string& text) const {
        if (text.size() <= longest_string) {
            return repr_of(value{text});
        }
        auto cut = longest_string;
        while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) {
            --cut;
        }
        return repr_of(value{text.substr(0, cut)}) + "...";
    }
    std::string operator()(const std::shared_ptr<const live_object>& object) const {
        return "<" + object->type().name + ">";
    }
    template <class Plain>
    std::string operator()(const Plain& plain) const {
        return repr_of(value{value::storage{plain}});
    }

private:
    static std::string joined(const list& items, const char* begin, const char* end) {
        std::string text;
        for (const auto& item : items) {
            text += (text.empty() ? "" : ", ") + text_of(item);
        }
        return begin + text + end;
    }
};

}  // namespace

std::string text_of(const value& shown) { return std::visit(writer{}, shown.content()); }

}  // namespace backdoor
