// What we use of django-prose-editor's bundle: Tiptap 3 and ProseMirror. See their own documentation for what each does.

export type Attributes = Record<string, any>; // attributes hold whatever their node or mark says

// ---------------------------------------------------------------- prosemirror-model

export interface MarkType {
  name: string;
  create(attrs?: Attributes | null): ProseMark;
  isInSet(marks: readonly ProseMark[]): ProseMark | undefined;
}

export interface ProseMark {
  type: MarkType;
  attrs: Attributes;
  addToSet(marks: readonly ProseMark[]): readonly ProseMark[];
  eq(other: ProseMark): boolean;
}

export interface NodeType {
  name: string;
  schema: Schema;
  spec: Attributes;
  isTextblock: boolean;
  inlineContent: boolean;
  create(attrs?: Attributes | null, content?: Content, marks?: readonly ProseMark[]): ProseNode;
  createAndFill(attrs?: Attributes | null, content?: Content): ProseNode | null;
  validContent(content: Fragment): boolean;
  compatibleContent(other: NodeType): boolean;
  allowsMarkType(type: MarkType): boolean;
  contentMatch: ContentMatch;
}

export interface ContentMatch {
  matchType(type: NodeType): ContentMatch | null;
  matchFragment(fragment: Fragment): ContentMatch | null;
  validEnd: boolean;
  defaultType: NodeType | null;
}

export interface Schema {
  nodes: Record<string, NodeType>;
  marks: Record<string, MarkType>;
  topNodeType: NodeType;
  text(words: string, marks?: readonly ProseMark[]): ProseNode;
}

export type Content = Fragment | ProseNode | readonly ProseNode[] | null | undefined;
type Visit = (node: ProseNode, pos: number, parent: ProseNode | null, index: number) => boolean | void;

export class Fragment {
  static from(content?: Content): Fragment;
  static fromArray(nodes: readonly ProseNode[]): Fragment;
  static empty: Fragment;
  size: number;
  childCount: number;
  firstChild: ProseNode | null;
  lastChild: ProseNode | null;
  child(index: number): ProseNode;
  maybeChild(index: number): ProseNode | null;
  forEach(visit: (node: ProseNode, offset: number, index: number) => void): void;
  descendants(visit: Visit): void;
  nodesBetween(from: number, to: number, visit: Visit, start?: number): void;
  append(other: Fragment): Fragment;
  cut(from: number, to?: number): Fragment;
  replaceChild(index: number, node: ProseNode): Fragment;
  addToEnd(node: ProseNode): Fragment;
  addToStart(node: ProseNode): Fragment;
  eq(other: Fragment): boolean;
  textBetween(from: number, to: number, blocks?: string | null, leaves?: Leaf): string;
  content: readonly ProseNode[];
}

type Leaf = string | null | ((leaf: ProseNode) => string);

export interface ProseNode {
  type: NodeType;
  attrs: Attributes;
  marks: readonly ProseMark[];
  content: Fragment;
  text?: string;
  textContent: string;
  nodeSize: number;
  childCount: number;
  firstChild: ProseNode | null;
  lastChild: ProseNode | null;
  isText: boolean;
  isBlock: boolean;
  isInline: boolean;
  isTextblock: boolean;
  isLeaf: boolean;
  isAtom: boolean;
  inlineContent: boolean;
  child(index: number): ProseNode;
  maybeChild(index: number): ProseNode | null;
  forEach(visit: (node: ProseNode, offset: number, index: number) => void): void;
  descendants(visit: Visit): void;
  nodesBetween(from: number, to: number, visit: Visit, start?: number): void;
  nodeAt(pos: number): ProseNode | null;
  textBetween(from: number, to: number, blocks?: string | null, leaves?: Leaf): string;
  rangeHasMark(from: number, to: number, type: MarkType): boolean;
  resolve(pos: number): ResolvedPos;
  copy(content?: Fragment | null): ProseNode;
  cut(from: number, to?: number): ProseNode;
  mark(marks: readonly ProseMark[]): ProseNode;
  slice(from: number, to?: number, withParents?: boolean): Slice;
  replace(from: number, to: number, slice: Slice): ProseNode;
  eq(other: ProseNode): boolean;
  sameMarkup(other: ProseNode): boolean;
  canReplaceWith(from: number, to: number, type: NodeType): boolean;
  canReplace(from: number, to: number, fragment?: Fragment): boolean;
  contentMatchAt(index: number): ContentMatch;
  check(): void;
  toJSON(): unknown;
}

export class Slice {
  constructor(content: Fragment, openStart: number, openEnd: number);
  static empty: Slice;
  static maxOpen(fragment: Fragment): Slice;
  content: Fragment;
  openStart: number;
  openEnd: number;
  size: number;
}

export interface ResolvedPos {
  pos: number;
  depth: number;
  parent: ProseNode;
  parentOffset: number;
  doc: ProseNode;
  textOffset: number;
  nodeBefore: ProseNode | null;
  nodeAfter: ProseNode | null;
  node(depth?: number): ProseNode;
  index(depth?: number): number;
  indexAfter(depth?: number): number;
  start(depth?: number): number;
  end(depth?: number): number;
  before(depth?: number): number;
  after(depth?: number): number;
  posAtIndex(index: number, depth?: number): number;
  marks(): readonly ProseMark[];
  sharedDepth(pos: number): number;
  blockRange(other?: ResolvedPos): NodeRange | null;
  sameParent(other: ResolvedPos): boolean;
}

export interface NodeRange {
  start: number;
  end: number;
  depth: number;
  $from: ResolvedPos;
  $to: ResolvedPos;
  parent: ProseNode;
}

interface ParseOptions {
  preserveWhitespace?: boolean | "full";
  context?: ResolvedPos;
  topNode?: ProseNode;
}

interface SchemaParser {
  parse(dom: Node, options?: ParseOptions): ProseNode;
  parseSlice(dom: Node, options?: ParseOptions): Slice;
}

interface Serializer {
  nodes: Record<string, (node: ProseNode) => unknown>;
  marks: Record<string, (mark: ProseMark, inline: boolean) => unknown>;
  serializeFragment(fragment: Fragment, options?: Attributes, target?: Node): DocumentFragment;
  serializeNode(node: ProseNode, options?: Attributes): Node;
}

// ---------------------------------------------------------------- prosemirror-transform and -state

export interface StepMap {
  ranges: readonly number[];
  forEach(visit: (oldFrom: number, oldTo: number, newFrom: number, newTo: number) => void): void;
  map(pos: number, side?: number): number;
}

export interface Mapping {
  maps: readonly StepMap[];
  map(pos: number, side?: number): number;
  mapResult(pos: number, side?: number): { pos: number; deleted: boolean; deletedAfter: boolean };
  slice(from: number, to?: number): Mapping;
}

export interface Step {
  getMap(): StepMap;
}

export class ReplaceStep implements Step {
  from: number;
  to: number;
  slice: Slice;
  getMap(): StepMap;
}

export interface Transaction {
  doc: ProseNode;
  docs: ProseNode[];
  before: ProseNode;
  steps: Step[];
  mapping: Mapping;
  docChanged: boolean;
  selection: Selection;
  selectionSet: boolean;
  storedMarks: readonly ProseMark[] | null;
  time: number;
  insert(pos: number, content: Content): this;
  delete(from: number, to: number): this;
  deleteRange(from: number, to: number): this;
  deleteSelection(): this;
  insertText(words: string, from?: number, to?: number): this;
  replace(from: number, to?: number, slice?: Slice): this;
  replaceRange(from: number, to: number, slice: Slice): this;
  replaceWith(from: number, to: number, content: Content): this;
  replaceSelection(slice: Slice): this;
  replaceSelectionWith(node: ProseNode, inherit?: boolean): this;
  addMark(from: number, to: number, mark: ProseMark): this;
  removeMark(from: number, to: number, mark?: ProseMark | MarkType | null): this;
  addStoredMark(mark: ProseMark): this;
  removeStoredMark(mark: ProseMark | MarkType): this;
  setStoredMarks(marks: readonly ProseMark[] | null): this;
  setNodeAttribute(pos: number, name: string, value: unknown): this;
  setNodeMarkup(pos: number, type?: NodeType | null, attrs?: Attributes | null): this;
  setSelection(selection: Selection): this;
  setMeta(key: string | PluginKey<any>, value: unknown): this;
  getMeta(key: string | PluginKey<any>): any; // whatever was set under that key
  scrollIntoView(): this;
  split(pos: number, depth?: number): this;
  join(pos: number, depth?: number): this;
  lift(range: NodeRange, target: number): this;
  step(step: Step): this;
}

export class Selection {
  constructor($anchor: ResolvedPos, $head: ResolvedPos);
  static near($pos: ResolvedPos, side?: number): Selection;
  static atStart(doc: ProseNode): Selection;
  static atEnd(doc: ProseNode): Selection;
  static findFrom($pos: ResolvedPos, side: number, textOnly?: boolean): Selection | null;
  from: number;
  to: number;
  anchor: number;
  head: number;
  $from: ResolvedPos;
  $to: ResolvedPos;
  $anchor: ResolvedPos;
  $head: ResolvedPos;
  empty: boolean;
  /** The selected node; only node selections have one. */
  node?: ProseNode;
  $cursor?: ResolvedPos | null;
  content(): Slice;
  eq(other: Selection): boolean;
}

export class TextSelection extends Selection {
  static create(doc: ProseNode, anchor: number, head?: number): TextSelection;
  static between($anchor: ResolvedPos, $head: ResolvedPos, side?: number): Selection;
}

export class NodeSelection extends Selection {
  node: ProseNode;
  static create(doc: ProseNode, pos: number): NodeSelection;
  static isSelectable(node: ProseNode): boolean;
}

export interface EditorState {
  doc: ProseNode;
  selection: Selection;
  schema: Schema;
  storedMarks: readonly ProseMark[] | null;
  tr: Transaction;
  apply(tr: Transaction): EditorState;
  plugins: readonly Plugin<any>[];
}

export class PluginKey<State> {
  constructor(name?: string);
  getState(state: EditorState): State | undefined;
}

interface PluginSpec<State> {
  key?: PluginKey<State>;
  state?: {
    init(config: unknown, state: EditorState): State;
    apply(tr: Transaction, value: State, before: EditorState, after: EditorState): State;
  };
  props?: PluginProps;
  view?(view: EditorView): { update?(view: EditorView, before: EditorState): void; destroy?(): void };
  appendTransaction?(
    transactions: readonly Transaction[],
    before: EditorState,
    after: EditorState,
  ): Transaction | null | undefined;
  filterTransaction?(tr: Transaction, state: EditorState): boolean;
}

type Handled = boolean | void;

interface PluginProps {
  decorations?(state: EditorState): DecorationSet | null | undefined;
  handleDOMEvents?: {
    [Name in keyof HTMLElementEventMap]?: (view: EditorView, event: HTMLElementEventMap[Name]) => Handled;
  };
  handleKeyDown?(view: EditorView, event: KeyboardEvent): Handled;
  handleTextInput?(view: EditorView, from: number, to: number, words: string): Handled;
  handleClick?(view: EditorView, pos: number, event: MouseEvent): Handled;
  handleClickOn?(
    view: EditorView,
    pos: number,
    node: ProseNode,
    nodePos: number,
    event: MouseEvent,
    direct: boolean,
  ): Handled;
  handleDoubleClickOn?: PluginProps["handleClickOn"];
  handlePaste?(view: EditorView, event: ClipboardEvent, slice: Slice): Handled;
  handleDrop?(view: EditorView, event: DragEvent, slice: Slice, moved: boolean): Handled;
  transformPastedHTML?(html: string, view: EditorView): string;
  transformPastedText?(words: string, plain: boolean, view: EditorView): string;
  transformPasted?(slice: Slice, view: EditorView, plain: boolean): Slice;
  transformCopied?(slice: Slice, view: EditorView): Slice;
  clipboardTextParser?(words: string, $context: ResolvedPos, plain: boolean, view: EditorView): Slice | null;
  clipboardTextSerializer?(slice: Slice, view: EditorView): string;
  clipboardParser?: SchemaParser;
  clipboardSerializer?: Serializer;
  attributes?: Attributes;
}

export class Plugin<State = any> {
  constructor(spec: PluginSpec<State>);
  key: string;
  getState(state: EditorState): State | undefined;
}

// ---------------------------------------------------------------- prosemirror-view

export interface EditorView {
  dom: HTMLElement;
  state: EditorState;
  editable: boolean;
  composing: boolean;
  isDestroyed: boolean;
  dragging: { slice: Slice; move: boolean } | null;
  input: Attributes;
  domObserver: { flush(): void; forceFlush(): void };
  dispatch(tr: Transaction): void;
  focus(): void;
  hasFocus(): boolean;
  nodeDOM(pos: number): Node | null;
  domAtPos(pos: number, side?: number): { node: Node; offset: number };
  posAtCoords(place: { left: number; top: number }): { pos: number; inside: number } | null;
  posAtDOM(node: Node, offset: number, side?: number): number;
  coordsAtPos(pos: number, side?: number): { left: number; right: number; top: number; bottom: number };
  endOfTextblock(
    direction: "up" | "down" | "left" | "right" | "forward" | "backward",
    state?: EditorState,
  ): boolean;
  serializeForClipboard(slice: Slice): { dom: HTMLElement; text: string };
  pasteHTML(html: string, event?: ClipboardEvent): boolean;
  pasteText(words: string, event?: ClipboardEvent): boolean;
  someProp(name: string, visit?: (value: any) => unknown): any; // whatever the named property is
}

export class Decoration {
  static node(from: number, to: number, attrs: Attributes, spec?: Attributes): Decoration;
  static inline(from: number, to: number, attrs: Attributes, spec?: Attributes): Decoration;
  static widget(pos: number, dom: Node | ((view: EditorView) => Node), spec?: Attributes): Decoration;
  from: number;
  to: number;
  spec: Attributes;
}

export class DecorationSet {
  static empty: DecorationSet;
  static create(doc: ProseNode, decorations: Decoration[]): DecorationSet;
  map(mapping: Mapping, doc: ProseNode): DecorationSet;
  find(from?: number, to?: number): Decoration[];
  add(doc: ProseNode, decorations: Decoration[]): DecorationSet;
}

export const pm: {
  model: {
    DOMParser: { fromSchema(schema: Schema): SchemaParser };
    DOMSerializer: {
      new (nodes: Serializer["nodes"], marks: Serializer["marks"]): Serializer;
      fromSchema(schema: Schema): Serializer;
      nodesFromSchema(schema: Schema): Serializer["nodes"];
      marksFromSchema(schema: Schema): Serializer["marks"];
    };
    Fragment: typeof Fragment;
    Slice: typeof Slice;
  };
  state: {
    Plugin: typeof Plugin;
    PluginKey: typeof PluginKey;
    Selection: typeof Selection;
    TextSelection: typeof TextSelection;
    NodeSelection: typeof NodeSelection;
  };
  transform: { ReplaceStep: typeof ReplaceStep; ReplaceAroundStep: typeof ReplaceStep };
  view: { Decoration: typeof Decoration; DecorationSet: typeof DecorationSet };
  history: {
    closeHistory(tr: Transaction): Transaction;
    undoDepth(state: EditorState): number;
    redoDepth(state: EditorState): number;
  };
};

// ---------------------------------------------------------------- Tiptap

/** Commands are named by the extensions that bring them; in a chain each gives the chain again. */
export type Commands = Record<string, (...values: any[]) => any>;
export type Chain = { run(): boolean } & Record<string, (...values: any[]) => Chain>;

interface EditorEvents {
  update: { editor: Editor; transaction: Transaction };
  transaction: { editor: Editor; transaction: Transaction };
  selectionUpdate: { editor: Editor; transaction: Transaction };
  focus: { editor: Editor; event: FocusEvent };
  blur: { editor: Editor; event: FocusEvent };
  create: { editor: Editor };
  destroy: void;
}

export class Editor {
  constructor(options: Attributes);
  commands: Commands;
  state: EditorState;
  view: EditorView;
  schema: Schema;
  storage: Record<string, any>; // each extension keeps its own under its name
  isEditable: boolean;
  isDestroyed: boolean;
  isFocused: boolean;
  chain(): Chain;
  can(): Commands;
  isActive(name: string | Attributes, attrs?: Attributes): boolean;
  getAttributes(name: string): Attributes;
  getHTML(): string;
  setOptions(options: Attributes): void;
  on<Name extends keyof EditorEvents>(name: Name, listener: (event: EditorEvents[Name]) => void): this;
  off<Name extends keyof EditorEvents>(name: Name, listener?: (event: EditorEvents[Name]) => void): this;
  destroy(): void;
}

/** What the functions of a configuration find as `this`. */
export interface Bound {
  name: string;
  editor: Editor;
  options: Attributes;
  storage: any; // what the extension's own addStorage made
  parent?: (...values: any[]) => any;
  type: any; // NodeType in nodes, MarkType in marks
}

export interface CommandProps {
  editor: Editor;
  state: EditorState;
  tr: Transaction;
  view: EditorView;
  dispatch?: (tr: Transaction) => void;
  commands: Commands;
  chain(): Chain;
  can(): Commands;
}

interface Rendered {
  node: ProseNode;
  mark: ProseMark;
  HTMLAttributes: Attributes;
  editor: Editor;
  getPos(): number | undefined;
}

interface ParseRule {
  tag: string;
  priority?: number;
  getAttrs?(dom: HTMLElement): Attributes | false | null;
}

interface NodeView {
  dom: HTMLElement;
  contentDOM?: HTMLElement;
  update?(node: ProseNode): boolean;
  ignoreMutation?(mutation: MutationRecord | { type: "selection"; target: Node }): boolean;
}

export interface AttributeSpec {
  default?: unknown;
  rendered?: boolean;
  parseHTML?(el: HTMLElement): unknown;
  renderHTML?(attrs: Attributes): Attributes;
}

export interface Config {
  name?: string;
  group?: string;
  content?: string;
  inline?: boolean;
  atom?: boolean;
  selectable?: boolean;
  draggable?: boolean;
  isolating?: boolean;
  defining?: boolean;
  inclusive?: boolean;
  priority?: number;
  addOptions?(): Attributes;
  addStorage?(): Attributes;
  addExtensions?(): Extension[];
  addAttributes?(): Record<string, AttributeSpec>;
  addGlobalAttributes?(): { types: string[]; attributes: Record<string, AttributeSpec> }[];
  addCommands?(): Record<string, (...values: any[]) => (props: CommandProps) => boolean>;
  addKeyboardShortcuts?(): Record<string, (props: { editor: Editor }) => boolean>;
  addInputRules?(): InputRule[];
  addPasteRules?(): PasteRule[];
  addProseMirrorPlugins?(): Plugin[];
  addNodeView?: null | (() => (rendered: Rendered) => NodeView);
  addMenuItems?: null | ((menu: Attributes) => void);
  parseHTML?(): ParseRule[];
  renderHTML?(rendered: Rendered): unknown[];
  renderText?(rendered: Rendered): string;
  onCreate?(): void;
  onUpdate?(event: EditorEvents["update"]): void;
  onTransaction?(event: EditorEvents["transaction"]): void;
  onSelectionUpdate?(event: EditorEvents["selectionUpdate"]): void;
  onFocus?(event: EditorEvents["focus"]): void;
  onBlur?(event: EditorEvents["blur"]): void;
  onDestroy?(): void;
}

export class Extension {
  static create(config: Config & ThisType<Bound>): Extension;
  extend(config: Config & ThisType<Bound>): Extension;
  configure(options: Attributes): Extension;
}

interface RuleProps {
  state: EditorState;
  range: { from: number; to: number };
  match: RegExpMatchArray & { data?: Attributes };
}

export class InputRule {
  constructor(config: { find: RegExp; handler(props: RuleProps): void | null });
  handler(props: RuleProps): void | null;
}

export class PasteRule {
  constructor(config: {
    find(words: string): { index: number; text: string; data?: Attributes }[];
    handler(props: RuleProps): void | null;
  });
}

export function wrappingInputRule(config: {
  find: RegExp;
  type: NodeType;
  getAttributes?(match: RegExpMatchArray): Attributes;
  joinPredicate?(match: RegExpMatchArray, node: ProseNode): boolean;
}): InputRule;
export function mergeAttributes(...attrs: Attributes[]): Attributes;
export function isMacOS(): boolean;

export const Node: typeof Extension;
export const Mark: typeof Extension;
export const Document: Extension;
export const Link: Extension;
export const OrderedList: Extension;
export const Table: Extension;
export const TableCell: Extension;
export const TableHeader: Extension;
