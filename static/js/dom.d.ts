// What the type checker is told of the browser beyond its own library; no browser reads this file.

type Own<T> = Partial<Omit<T, keyof HTMLElement>>;

declare global {
  /**
   * An element that a selector finds: our pages are HTML. It has what fields, dialogs and links have where it is one;
   * nobody asks a heading for its value.
   */
  type PageElement = HTMLElement &
    Own<
      Pick<
        HTMLInputElement,
        "value" | "checked" | "defaultValue" | "disabled" | "form" | "name" | "type" | "files"
      >
    > &
    Own<Pick<HTMLInputElement, "min" | "max" | "required" | "readOnly" | "select" | "setSelectionRange">> &
    Own<
      Pick<
        HTMLInputElement,
        "selectionStart" | "selectionEnd" | "checkValidity" | "reportValidity" | "labels"
      >
    > &
    Own<Pick<HTMLSelectElement, "options" | "selectedOptions">> &
    Own<Pick<HTMLDialogElement, "open" | "showModal" | "show" | "close" | "returnValue">> &
    Own<Pick<HTMLAnchorElement, "href" | "hash">> &
    Own<Pick<HTMLTemplateElement, "content">> &
    Own<Pick<HTMLFormElement, "elements" | "submit" | "requestSubmit" | "action">> &
    Own<Pick<HTMLImageElement, "src" | "alt">> &
    Own<Pick<HTMLIFrameElement, "contentWindow">> & { target?: string };

  /** A form, whose fields are known by name. */
  type Form = HTMLFormElement & PageElement;

  /** Elements and texts of a tree alike: what only one of them has is undefined in the other. */
  interface Node {
    tagName?: string;
    data?: string;
    id?: string;
    title?: string;
    hidden?: boolean | "until-found";
    className?: any;
    classList?: DOMTokenList;
    attributes?: NamedNodeMap;
    children?: HTMLCollection;
    dataset?: DOMStringMap;
    firstElementChild?: Element | null;
    lastElementChild?: Element | null;
    nextElementSibling?: Element | null;
    previousElementSibling?: Element | null;
    getAttribute?(name: string): string | null;
    hasAttribute?(name: string): boolean;
    setAttribute?(name: string, value: string): void;
    removeAttribute?(name: string): void;
    matches?(selectors: string): boolean;
    closest?(selectors: string): PageElement | null;
    querySelector?(selectors: string): PageElement | null;
    querySelectorAll?(selectors: string): NodeListOf<PageElement>;
    remove?(): void;
    replaceWith?(...nodes: (Node | string)[]): void;
    before?(...nodes: (Node | string)[]): void;
    after?(...nodes: (Node | string)[]): void;
    append?(...nodes: (Node | string)[]): void;
    prepend?(...nodes: (Node | string)[]): void;
    splitText?(offset: number): Text;
  }
  interface ParentNode {
    querySelector(selectors: string): PageElement | null;
    querySelectorAll(selectors: string): NodeListOf<PageElement>;
  }
  interface Element {
    closest(selectors: string): PageElement | null;
  }
  interface HTMLFormControlsCollection {
    [name: string]: any;
  }
  interface HTMLCollection {
    [Symbol.iterator](): ArrayIterator<PageElement>;
    [index: number]: PageElement;
  }
  /** Our own events carry what they tell in `detail`. */
  interface Event {
    detail?: any;
  }
  interface EventTarget {
    matches?(selectors: string): boolean;
    closest?(selectors: string): PageElement | null;
  }
  interface Document {
    getElementById(id: string): PageElement | null;
  }
  interface Window {
    gettext?(words: string): string;
    ngettext?(one: string, many: string, n: number): string;
  }
}

export {};
